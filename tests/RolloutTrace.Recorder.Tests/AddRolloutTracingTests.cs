using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace RolloutTrace.Recorder.Tests;

public sealed class AddRolloutTracingTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-tests-");
    private readonly string threadId = Guid.CreateVersion7().ToString();

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void Without_options_bundles_go_where_the_environment_says()
    {
        using (Build(b => b.AddRolloutTracing(), ("ROLLOUT_TRACE_ROOT", directory.FullName)))
        {
            Record();
        }

        Bundles(directory.FullName).ShouldHaveSingleItem();
    }

    [Fact]
    public void Options_come_before_the_environment()
    {
        var configured = Path.Join(directory.FullName, "configured");
        using (Build(b => b.AddRolloutTracing(o => o.BundleRoot = configured), ("ROLLOUT_TRACE_ROOT", directory.FullName)))
        {
            Record();
        }

        Bundles(configured).ShouldHaveSingleItem();
        Bundles(directory.FullName).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData("TRUE", 0)]
    [InlineData("false", 1)]
    [InlineData("1", 1)]
    [InlineData("", 1)]
    public void The_environment_can_switch_recording_off_and_spans_stay(string value, int bundles)
    {
        var spans = new SpanCounter(threadId);
        using (Build(b => b.AddRolloutTracing(o => o.BundleRoot = directory.FullName).AddProcessor(spans), ("ROLLOUT_TRACE_DISABLED", value)))
        {
            Record();
        }

        Bundles(directory.FullName).Length.ShouldBe(bundles);
        spans.Ended.ShouldBe(2);
    }

    [Fact]
    public void Where_the_SDK_is_disabled_nothing_is_recorded()
    {
        using (Build(b => b.AddRolloutTracing(o => o.BundleRoot = directory.FullName), ("OTEL_SDK_DISABLED", "true")))
        {
            Record();
        }

        Bundles(directory.FullName).ShouldBeEmpty();
    }

    [Fact]
    public void Named_options_are_configured_by_their_name()
    {
        using (Build(b => b
            .ConfigureServices(services => services
                .Configure<RolloutTracingOptions>("special", o => o.BundleRoot = Path.Join(directory.FullName, "special"))
                .Configure<RolloutTracingOptions>(o => o.BundleRoot = Path.Join(directory.FullName, "default")))
            .AddRolloutTracing("special", configure: null)))
        {
            Record();
        }

        Bundles(Path.Join(directory.FullName, "special")).ShouldHaveSingleItem();
        Bundles(Path.Join(directory.FullName, "default")).ShouldBeEmpty();
    }

    [Fact]
    public void Added_again_under_its_name_it_records_once_and_under_another_for_itself()
    {
        using (Build(b => b
            .AddRolloutTracing(o => o.BundleRoot = Path.Join(directory.FullName, "default"))
            .AddRolloutTracing("second", o => o.BundleRoot = Path.Join(directory.FullName, "second"))
            .AddRolloutTracing(o => o.MaxOpenFiles = 3)))
        {
            Record();
        }

        Bundles(Path.Join(directory.FullName, "default")).ShouldHaveSingleItem();
        Bundles(Path.Join(directory.FullName, "second")).ShouldHaveSingleItem();
    }

    public static TheoryData<string, Action<RolloutTracingOptions>> Misuse => new()
    {
        { "BundleRoot", o => o.BundleRoot = " " },
        { "BundleRoot", o => o.BundleRoot = "a\0b" },
        { "QueueLimitBytes", o => o.QueueLimitBytes = (1 << 20) - 1 },
        { "MaxCallerWait", o => o.MaxCallerWait = TimeSpan.FromMilliseconds(-1) },
        { "MaxCallerWait", o => o.MaxCallerWait = TimeSpan.FromDays(2) },
        { "DrainTimeout", o => o.DrainTimeout = Timeout.InfiniteTimeSpan },
        { "ExitTimeout", o => o.ExitTimeout = TimeSpan.FromMilliseconds(-2) },
        { "ExitTimeout", o => o.ExitTimeout = TimeSpan.FromDays(2) },
        { "MaxPayloadBytes", o => o.MaxPayloadBytes = 1023 },
        { "MaxPayloadBytes", o => o.MaxPayloadBytes = int.MaxValue },
        { "MaxOpenFiles", o => o.MaxOpenFiles = 0 },
        { "TimeProvider", o => o.TimeProvider = null! },
        { "Storage", o => o.Storage = null! },
        { "KeepAtMost.Bytes", o => o.KeepAtMost.Bytes = (1 << 20) - 1 },
        { "KeepAtMost.Age", o => o.KeepAtMost.Age = TimeSpan.FromSeconds(59) },
    };

    [Theory]
    [MemberData(nameof(Misuse))]
    public void Options_out_of_range_fail_when_the_provider_is_built(string property, Action<RolloutTracingOptions> configure) =>
        Should.Throw<OptionsValidationException>(() => Build(b => b.AddRolloutTracing(configure))).Message.ShouldContain(property);

    [Fact]
    public void Arguments_that_must_be_there_are_asked_for_at_once()
    {
        Should.Throw<ArgumentNullException>(() => Sdk.CreateTracerProviderBuilder().AddRolloutTracing((Action<RolloutTracingOptions>)null!));
        Should.Throw<ArgumentNullException>(() => ((TracerProviderBuilder)null!).AddRolloutTracing());
    }

    // All providers of a process see all rollouts, other tests' too.
    private TracerProvider Build(Action<TracerProviderBuilder> configure, params (string Name, string Value)[] environment)
    {
        var values = environment.ToDictionary(v => v.Name, v => (string?)v.Value);
        var builder = Sdk.CreateTracerProviderBuilder().ConfigureServices(services => services
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .ConfigureAll<RolloutTracingOptions>(options =>
            {
                options.Filter = rollout => rollout.RootThreadId == threadId;
                options.DrainTimeout = TimeSpan.FromMinutes(1);
            }));
        configure(builder);
        return builder.Build();
    }

    private void Record()
    {
        using var session = RolloutTracing.StartSession(new() { ThreadId = threadId });
        session.StartTurn().Complete();
        session.Complete();
    }

    private static string[] Bundles(string root) => Directory.Exists(root) ? Directory.GetDirectories(root, "trace-*") : [];

    private sealed class SpanCounter(string threadId) : BaseProcessor<Activity>
    {
        public int Ended { get; private set; }

        public override void OnEnd(Activity data)
        {
            if (Equals(data.GetTagItem(RolloutAttributes.Thread.Id), threadId))
            {
                Ended++;
            }
        }
    }
}
