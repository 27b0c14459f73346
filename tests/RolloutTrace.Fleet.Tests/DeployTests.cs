using System.Runtime.CompilerServices;
using k8s;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace RolloutTrace.Fleet.Tests;

/// <summary>What is shown under <c>deploy/</c>: Kubernetes' own types know every member, and the command takes its command lines.</summary>
public class DeployTests
{
    private static readonly Dictionary<string, Type> Kinds = new(StringComparer.Ordinal)
    {
        ["apps/v1/Deployment"] = typeof(V1Deployment),
        ["batch/v1/Job"] = typeof(V1Job),
        ["v1/PersistentVolumeClaim"] = typeof(V1PersistentVolumeClaim),
    };

    [Theory]
    [InlineData("workers.yaml", 2)]
    [InlineData("history.yaml", 1)]
    public void Manifests_are_as_Kubernetes_declares_them(string file, int count)
    {
        var objects = Load(file);

        objects.Count.ShouldBe(count);
        objects.ShouldAllBe(static read => !string.IsNullOrEmpty(((IKubernetesObject<V1ObjectMeta>)read).Metadata.Name));
    }

    [Fact]
    public void A_member_that_Kubernetes_does_not_know_is_refused() =>
        Should.Throw<Exception>(() => KubernetesYaml.LoadAllFromString(Text("workers.yaml").Replace("replicas: 2", "replica: 2", StringComparison.Ordinal), Kinds, strict: true));

    [Fact]
    public void Workers_have_the_labels_that_select_them_and_the_volumes_that_they_mount()
    {
        var objects = Load("workers.yaml");
        var deployment = objects.OfType<V1Deployment>().Single();
        deployment.Spec.Selector.MatchLabels.ShouldBeSubsetOf(deployment.Spec.Template.Metadata.Labels);
        VolumesOf(deployment.Spec.Template.Spec);
        deployment.Spec.Template.Spec.Volumes.Select(static volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>()
            .ShouldBe(objects.OfType<V1PersistentVolumeClaim>().Select(static claim => claim.Metadata.Name));
    }

    [Fact]
    public void The_job_s_shards_are_its_completions()
    {
        var job = Load("history.yaml").OfType<V1Job>().Single();
        job.Spec.CompletionMode.ShouldBe("Indexed");
        job.Spec.Template.Spec.RestartPolicy.ShouldBe("Never");
        job.Spec.Template.Spec.Containers.Single().Args.ShouldContain($"--shard={job.Spec.Completions}");
        VolumesOf(job.Spec.Template.Spec);
    }

    [Theory]
    [InlineData("workers.yaml")]
    [InlineData("history.yaml")]
    public async Task The_command_takes_the_command_line(string file)
    {
        var container = Load(file).Select(static read => read switch
        {
            V1Deployment deployment => deployment.Spec.Template.Spec,
            V1Job job => job.Spec.Template.Spec,
            _ => null,
        }).OfType<V1PodSpec>().Single().Containers.Single();

        // Nobody is there: that is said, and nothing against the command line.
        var args = container.Args.Select(static arg => arg.Replace("nats://nats:4222", "nats://127.0.0.1:1", StringComparison.Ordinal)).ToArray();
        using var process = ServeProcess.Start(["work", .. args.Skip(1)], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["JOB_COMPLETION_INDEX"] = "7",
            ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1",
            ["AWS_ACCESS_KEY_ID"] = "id",
            ["AWS_SECRET_ACCESS_KEY"] = "secret",
        });
        args[0].ShouldBe("work");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var words = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);

        process.ExitCode.ShouldBe(2, words);
        words.ShouldContain("127.0.0.1:1");
    }

    [Fact]
    public void The_Collector_s_pipelines_use_what_it_has_and_it_has_what_they_use()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Text("collector.yaml")));
        var root = (YamlMappingNode)yaml.Documents.Single().RootNode;
        Keys(root).ShouldBe(["receivers", "extensions", "processors", "exporters", "service"], ignoreOrder: true);
        var pipelines = (YamlMappingNode)root["service"]["pipelines"];
        foreach (var part in new[] { "receivers", "processors", "exporters" })
        {
            pipelines.Children.Values.SelectMany(pipeline => Names(pipeline[part])).Distinct().ShouldBe(Keys(root[part]), ignoreOrder: true);
        }

        Names(root["service"]["extensions"]).ShouldBe(Keys(root["extensions"]), ignoreOrder: true);
        Keys(pipelines).ShouldBe(["logs", "traces"]);
    }

    private static void VolumesOf(V1PodSpec pod) =>
        pod.Containers.SelectMany(static container => container.VolumeMounts).Select(static mount => mount.Name).ShouldBe(pod.Volumes.Select(static volume => volume.Name), ignoreOrder: true);

    private static List<object> Load(string file) => KubernetesYaml.LoadAllFromString(Text(file), Kinds, strict: true);

    private static IEnumerable<string> Keys(YamlNode node) => ((YamlMappingNode)node).Children.Keys.Select(static key => ((YamlScalarNode)key).Value!);

    private static IEnumerable<string> Names(YamlNode node) => ((YamlSequenceNode)node).Children.Select(static name => ((YamlScalarNode)name).Value!);

    private static string Text(string file, [CallerFilePath] string source = "") => File.ReadAllText(Path.Join(Path.GetDirectoryName(source), "../../deploy", file));
}
