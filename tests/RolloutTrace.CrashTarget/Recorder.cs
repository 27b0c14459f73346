using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.Recorder;

namespace RolloutTrace.CrashTarget;

internal static class Recorder
{
    public static TracerProvider Start(string root, Action<RolloutTracingOptions>? configure = null) => Sdk.CreateTracerProviderBuilder()
        .AddRolloutTracing(options =>
        {
            options.BundleRoot = root;

            // A disk may stand still for long while the tests of this and other programs are busy with it.
            options.DrainTimeout = TimeSpan.FromMinutes(1);
            options.ExitTimeout = Timeout.InfiniteTimeSpan;
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
}
