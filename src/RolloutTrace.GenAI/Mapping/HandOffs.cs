using RolloutTrace.GenAI.Threads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>
/// Calls by which an agent hands the conversation to another one. Agent Framework carries them out by itself: there is no span for them,
/// and nothing that they give before the agent is asked again, if it ever is. Others have a span that says only to whom.
/// </summary>
internal static class HandOffs
{
    private const string OfAgentFramework = "handoff_to_";

    private static readonly string[] Prefixes = [OfAgentFramework, "transfer_to_"];

    /// <summary>
    /// Records those that are open at the end of an agent's turn. Where nothing stands around the agent, only names that are meant for this count: any other
    /// tool may be carried out later.
    /// </summary>
    /// <returns>The id of the last; null if there is none.</returns>
    public static string? Record(TurnState turn, ThreadTable threads)
    {
        string? last = null;
        var isAlone = turn.Parent is null;
        for (var call = turn.Thread!.OpenCalls.First; call is not null;)
        {
            var next = call.Next;
            if (isAlone ? call.Value.Item.Name?.StartsWith(OfAgentFramework, StringComparison.Ordinal) == true : Is(call.Value.Item.Name))
            {
                last = UnseenCalls.Record(turn, call.Value, given: null, turn.Node!.Reading.Span);
                turn.Thread.OpenCalls.Remove(call);
                threads.Calls.IsCarriedOut(turn.Thread, turn.Node!.Reading.Service, call.Value.Item);
            }

            call = next;
        }

        return last;
    }

    /// <summary>Whether the tool of this name hands the conversation over.</summary>
    public static bool Is(string? tool) => tool is not null && Array.Exists(Prefixes, prefix => tool.StartsWith(prefix, StringComparison.Ordinal));
}
