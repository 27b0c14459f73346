namespace RolloutTrace.Documentation.Tests;

/// <summary>What documents tell their readers to type.</summary>
public sealed class CommandTests
{
    /// <summary>What no test can type, and why.</summary>
    private static readonly Dictionary<string, string> NotHere = new(StringComparer.Ordinal)
    {
        ["dotnet test"] = "it would run itself",
        ["ROLLOUT_TRACE_FUZZ_RUNS=2000 ROLLOUT_TRACE_FUZZ_SEED=7 dotnet test tests/RolloutTrace.Tests"] = "it is a long search",
        ["dotnet pack -o artifacts"] = "it builds everything once more",
        ["dotnet nuget add source \"$PWD/artifacts\" --name rollout-trace"] = "it changes the settings of the machine",
        ["dotnet add ../my-agent package RolloutTrace.Recorder"] = "it needs packages",
        ["dotnet pack src/RolloutTrace.Cli -o artifacts"] = "it builds the command line once more",
        ["dotnet tool install --global --add-source artifacts RolloutTrace.Cli"] = "it changes the settings of the machine",
        ["dotnet publish src/RolloutTrace.Cli -p:PublishAot=true -o artifacts"] = "it needs a C compiler",
        ["artifacts/rollout-trace inspect last"] = "it needs what a C compiler makes",
        ["rollout-trace pack rollout-traces --delete"] = "it takes away what the other commands are asked about",
        ["rollout-trace unpack trace-018f-019a.rollout.tar.zst"] = "it stands for a file of the reader's",
        ["tar --zstd -xf trace-018f-019a.rollout.tar.zst"] = "it stands for a file of the reader's",
        ["rollout-trace diff BASE RUN"] = "it stands for two runs of the reader's",
        ["rollout-trace import rollouts.jsonl -o imported"] = "it stands for a file that a collector has written",
        ["rollout-trace serve"] = "it runs until Ctrl+C",
        ["rollout-trace collect --store rollouts"] = "it runs until Ctrl+C",
        ["rollout-trace collect --store s3://rollouts/prod --spool /var/lib/rollouts --http 0.0.0.0:4318 --grpc 0.0.0.0:4317 --api-key \"$KEY\" --tls-cert cert.pem --tls-key key.pem --nats nats://localhost:4222"] = "it stands for a fleet of the reader's",
        ["rollout-trace replay last --port 8124"] = "it runs until Ctrl+C",
        ["dotnet run --project samples/Dashboard"] = "it fetches a package, and runs until Ctrl+C",
        ["nats-server -js -sd nats-data"] = "it is a server",
        ["rollout-trace push rollout-traces --store nats://127.0.0.1:4222/traces --nats nats://127.0.0.1:4222"] = "it needs a NATS server",
        ["rollout-trace work --nats nats://127.0.0.1:4222 --store nats://127.0.0.1:4222/traces --lake lake"] = "it needs a NATS server",
        ["rollout-trace work --once --store s3://traces/agents --lake lake --shard 0/8"] = "it needs a bucket",
        ["rollout-trace list s3://traces/agents/2026-03-02"] = "it needs a bucket",
        ["rollout-trace export parquet nats://127.0.0.1:4222/traces -o lake"] = "it needs a NATS server",
        ["docker run --rm -p 16686:16686 -p 4317:4317 jaegertracing/jaeger:latest"] = "it needs Docker and a network",
    };

    private static readonly IReadOnlyList<string> Commands =
        [.. Markdown.Paths.SelectMany(path => Markdown.Open(path).Blocks).Where(block => block.Language == "sh").SelectMany(block => block.Text.Split('\n')).Where(line => line.Length > 0)];

    [Fact]
    public async Task Every_command_that_is_shown_runs_as_it_stands_in_the_order_in_which_it_is_shown()
    {
        using var reader = new Reader();
        var spansAreThere = false;
        foreach (var command in Commands.Where(command => !NotHere.ContainsKey(command)))
        {
            if (!spansAreThere && command.Contains("traces.jsonl", StringComparison.Ordinal))
            {
                await reader.WriteSpansAsync();
                spansAreThere = true;
            }

            var result = await reader.RunAsync(command);

            result.ExitCode.ShouldBe(0, $"{command}\n{result.Output}\n{result.Errors}");
            result.Output.Trim().ShouldNotBeEmpty(command);
        }

        File.ReadAllLines(reader.OpenedPages).ShouldHaveSingleItem().ShouldBe(Path.Join(reader.Directory, "rollout.html"));
    }

    [Fact]
    public void What_cannot_be_typed_here_is_still_shown() => NotHere.Keys.ShouldBeSubsetOf(Commands);

    [Fact]
    public void Every_link_into_the_repository_leads_to_something() =>
        Markdown.Paths.SelectMany(path => Links.In(Markdown.Open(path))).Where(static link => !link.LeadsSomewhere).ShouldBeEmpty();
}
