using System.Text.Json;
using System.Text.Json.Nodes;
using RolloutTrace.Reducer;

namespace RolloutTrace.Agents.AI.Tests.SameRun;

/// <summary>
/// A whole state as lines, each a place and what stands there. Ids are named for what they are the ids of, moments for their order
/// within their thread, and all else is as in <c>state.json</c>.
/// </summary>
internal sealed class StateLines
{
    private readonly JsonObject state;
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private readonly List<string> lines = [];

    private StateLines(RolloutGraph graph)
    {
        using var stream = new MemoryStream();
        graph.Save(stream);
        state = JsonNode.Parse(stream.ToArray())!.AsObject();
    }

    public static IReadOnlyList<string> Of(RolloutGraph graph)
    {
        var whole = new StateLines(graph);
        whole.NameThreads(graph);
        whole.Rank(graph);
        whole.Add("", whole.state);
        return [.. whole.lines.Order(StringComparer.Ordinal)];
    }

    private void NameThreads(RolloutGraph graph)
    {
        names[graph.TraceId] = "TRACE";
        names[graph.RolloutId] = "ROLLOUT";
        foreach (var thread in graph.Threads.Values)
        {
            names[thread.ThreadId] = thread.AgentPath;
            Name(thread.ConversationItemIds.Concat(graph.ConversationItems.Values.Where(i => i.ThreadId == thread.ThreadId).Select(i => i.ItemId)).Distinct(StringComparer.Ordinal), $"{thread.AgentPath}:item");
            var turns = graph.CodexTurns.Values.Where(t => t.ThreadId == thread.ThreadId).OrderBy(t => t.Execution.StartedSeq).Select(t => t.CodexTurnId).ToList();
            Name(turns, $"{thread.AgentPath}:turn");
            foreach (var turn in turns)
            {
                Name(graph.InferenceCalls.Values.Where(c => c.CodexTurnId == turn).OrderBy(c => c.Execution.StartedSeq).Select(c => c.InferenceCallId), $"{names[turn]}:request");
                Name(graph.ToolCalls.Values.Where(t => t.StartedByCodexTurnId == turn).OrderBy(t => t.ModelVisibleCallId, StringComparer.Ordinal).Select(t => t.ToolCallId), $"{names[turn]}:tool");
            }
        }
    }

    private void Name(IEnumerable<string> ids, string kind)
    {
        var count = 0;
        foreach (var id in ids)
        {
            names[id] = $"{kind} {++count}";
        }
    }

    // What happened in a thread, in order; threads go on beside each other.
    private void Rank(RolloutGraph graph)
    {
        foreach (var thread in graph.Threads.Keys)
        {
            var windows = Windows(state, thread).ToList();
            var order = windows.SelectMany(window => Moments(window).Select(moment => (long)window.Execution[moment]!)).Distinct().Order().ToList();
            foreach (var window in windows)
            {
                foreach (var moment in Moments(window))
                {
                    window.Execution[moment] = order.IndexOf((long)window.Execution[moment]!);
                }
            }
        }
    }

    private static IEnumerable<string> Moments((string Kind, JsonObject Execution) window) =>
        ((string[])["started_seq", "ended_seq"]).Where(name => window.Execution[name] is not null && !IsEndOfCall(window.Kind, name));

    // What a call gave is told with the request that shows it, be it that others have begun since.
    private static bool IsEndOfCall(string kind, string moment) => kind == "tool_calls" && moment == "ended_seq";

    private static IEnumerable<(string Kind, JsonObject Execution)> Windows(JsonObject state, string thread) => state
        .Where(member => member.Value is JsonObject)
        .SelectMany(member => member.Value!.AsObject().Select(entry => (member.Key, Thing: entry.Value as JsonObject)))
        .Where(thing => (string?)thing.Thing?["thread_id"] == thread && thing.Thing?["execution"] is JsonObject)
        .Select(thing => (thing.Key, thing.Thing!["execution"]!.AsObject()));

    private void Add(string place, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    Add($"{place}/{NameOf(name)}", value);
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    Add($"{place}[{i}]", list[i]);
                }

                break;
            case not null:
                var text = node.GetValueKind() == JsonValueKind.String ? (string)node! : node.ToJsonString();
                lines.Add($"{place} = {(IsModels(place) ? text : NameOf(text))}");
                break;
            default:
                break;
        }
    }

    // The model's ids of calls are not ours, though a tool call may go by one.
    private static bool IsModels(string place) => place.EndsWith("/call_id", StringComparison.Ordinal) || place.EndsWith("/model_visible_call_id", StringComparison.Ordinal);

    // Ids of edges are made of others.
    private string NameOf(string text) => names.TryGetValue(text, out var name) ? name
        : text.StartsWith("edge:", StringComparison.Ordinal) ? names.OrderByDescending(known => known.Key.Length).Aggregate(text, (edge, known) => edge.Replace(known.Key, $"<{known.Value}>", StringComparison.Ordinal))
        : text;
}
