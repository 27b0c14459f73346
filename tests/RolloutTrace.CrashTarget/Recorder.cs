using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.Packing;
using RolloutTrace.Recorder;

namespace RolloutTrace.CrashTarget;

internal static class Recorder
{
    // In which form bundles are recorded: packed, or packed at their end; plain if it says nothing.
    private static readonly string? Storage = Environment.GetEnvironmentVariable("ROLLOUT_TRACE_TEST_STORAGE");

    public static TracerProvider Start(string root, Action<RolloutTracingOptions>? configure = null) => Sdk.CreateTracerProviderBuilder()
        .AddRolloutTracing(options =>
        {
            options.BundleRoot = root;

            // A disk may stand still for long while the tests of this and other programs are busy with it.
            options.DrainTimeout = TimeSpan.FromMinutes(1);
            options.ExitTimeout = Timeout.InfiniteTimeSpan;
            if (Storage is not null)
            {
                Pack(options);
            }

            configure?.Invoke(options);
        })
        .Build();

    /// <summary>One turn with one request. Five events, two payloads.</summary>
    public static void Turn(AgentSession session, byte[] request)
    {
        using var turn = session.StartTurn();
        using (var call = turn.StartModelRequest("gpt-5", request))
        {
            call.Complete("resp_1", new TokenUsage(1, 1), JsonPayload.OfJson("[]"));
        }

        turn.Complete();
    }

    /// <summary>A request of about so many bytes.</summary>
    public static byte[] Request(int bytes) => System.Text.Encoding.UTF8.GetBytes($$"""{"input":[],"padding":"{{new string('x', bytes)}}"}""");

    // Apart, so that whoever does not pack does not load it.
    private static void Pack(RolloutTracingOptions options) => options.Storage = new PackedStorage { PackOnEnd = Storage == "end" };
}
