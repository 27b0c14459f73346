using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>
/// Calls that a loop carries out before it asks anything, of a conversation that nobody here knows: somebody has agreed to them, and
/// another process had asked. They belong to the turn that begins with the loop's first request. Safe for concurrent use.
/// </summary>
internal static class EarlyCalls
{
    private static readonly ConditionalWeakTable<Activity, List<FunctionCallContent>> ByLoop = [];

    /// <summary>Remembers a call by the span of the loop that it is carried out in. Returns whether there is one.</summary>
    public static bool Add(Activity span, FunctionCallContent call)
    {
        if (span.Parent is not { OperationName: SpanNames.ToolLoop } loop || RolloutHandle.Of(loop) is not null)
        {
            return false;
        }

        var calls = ByLoop.GetValue(loop, static _ => []);
        lock (calls)
        {
            calls.Add(call);
        }

        return true;
    }

    /// <summary>Takes the calls of a loop, whose turn begins.</summary>
    public static List<FunctionCallContent> Take(Activity? loop)
    {
        if (loop is null || !ByLoop.TryGetValue(loop, out var calls))
        {
            return [];
        }

        ByLoop.Remove(loop);
        lock (calls)
        {
            return [.. calls];
        }
    }
}
