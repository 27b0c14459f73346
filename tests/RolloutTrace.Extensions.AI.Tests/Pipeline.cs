using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Tests;

/// <summary>Pipelines by letters: F is function invocation, T telemetry, R recording, from the outside in.</summary>
internal static class Pipeline
{
    public static void In(string order, ChatClientBuilder builder, bool hasContent = false)
    {
        foreach (var step in order)
        {
            _ = step switch
            {
                'F' => builder.UseFunctionInvocation(),
                'T' => builder.UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = hasContent),
                _ => builder.UseRolloutTracing(),
            };
        }
    }
}
