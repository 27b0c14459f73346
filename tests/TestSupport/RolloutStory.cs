using System.Text;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.TestSupport;

/// <summary>A reduced rollout as a text to read and compare: agents, turns, requests with what each saw and gave, calls, edges, defects.</summary>
public static class RolloutStory
{
    public static string Of(string bundle)
    {
        var rollout = OpenRollout.Open(BundleReader.Open(bundle));
        var text = new StringBuilder();
        foreach (var thread in rollout.Graph.Threads.Values.OrderBy(t => t.Execution.StartedSeq))
        {
            var spawner = rollout.Index.SpawnerOf(thread) is { } tool ? $" by {RolloutIndex.NameOf(tool.Kind)}" : "";
            text.AppendLine($"{thread.AgentPath} {thread.Nickname} {thread.Execution.Status}{spawner}");
            foreach (var turn in rollout.Graph.CodexTurns.Values.Where(t => t.ThreadId == thread.ThreadId).OrderBy(t => t.Execution.StartedSeq))
            {
                text.AppendLine($"  turn {turn.Execution.Status}");
                Steps(rollout, turn, text);
            }
        }

        Edges(rollout, text);
        foreach (var diagnostic in rollout.Diagnostics)
        {
            text.AppendLine($"DIAGNOSTIC {diagnostic.Severity} {diagnostic.Code}: {diagnostic.Message}");
        }

        foreach (var anomaly in RolloutAnomalies.Find(rollout))
        {
            text.AppendLine($"ANOMALY {anomaly.Code}: {anomaly.Message}");
        }

        try
        {
            RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true });
        }
        catch (ReductionException e)
        {
            text.AppendLine($"STRICT {e.Message}");
        }

        foreach (var violation in RolloutInvariants.Check(rollout.Graph))
        {
            text.AppendLine($"INVARIANT {violation}");
        }

        return new StableText().With(bundle, "BUNDLE").Of(text.ToString());
    }

    private static void Steps(OpenRollout rollout, CodexTurn turn, StringBuilder text)
    {
        var steps = rollout.Graph.InferenceCalls.Values.Where(c => c.CodexTurnId == turn.CodexTurnId).Select(c => (c.Execution.StartedSeq, Text: Request(rollout, c)))
            .Concat(rollout.Graph.ToolCalls.Values.Where(t => t.StartedByCodexTurnId == turn.CodexTurnId).Select(t => (t.Execution.StartedSeq, Text: Tool(rollout, t))))
            .Concat(rollout.Graph.Compactions.Values.Where(c => c.CodexTurnId == turn.CodexTurnId).Select(c => (StartedSeq: c.InstalledSeq(rollout), Text: $"    compaction {c.InputItemIds.Count} -> {c.ReplacementItemIds.Count}, {c.RequestIds.Count} requests\n")));
        foreach (var (_, step) in steps.OrderBy(s => s.StartedSeq))
        {
            text.Append(step);
        }
    }

    // A compaction's marker is made when it is installed: the items around it tell where.
    private static long InstalledSeq(this RecordedCompaction compaction, OpenRollout rollout) =>
        rollout.Graph.InferenceCalls.Values.Where(c => c.ThreadId == compaction.ThreadId && c.Execution.StartedAtUnixMs < compaction.InstalledAtUnixMs).Select(c => c.Execution.EndedSeq ?? 0).DefaultIfEmpty().Max();

    private static string Request(OpenRollout rollout, InferenceCall call)
    {
        var text = new StringBuilder();
        var usage = call.Usage is { } used ? $" {used.InputTokens}/{used.CachedInputTokens}/{used.OutputTokens}/{used.ReasoningOutputTokens}" : "";
        text.AppendLine($"    request {call.Model}@{call.ProviderName} {call.Execution.Status} {call.ResponseId}{usage}");
        if (rollout.GivenOf(call) is { } given)
        {
            text.AppendLine($"      given: {Short(given.Instructions)} | {string.Join(",", given.Tools.Select(t => t.Name))} | {string.Join(",", given.Parameters.Select(p => $"{p.Name}={p.Value}"))}");
        }

        Items(rollout, call.RequestItemIds, "<", text);
        Items(rollout, call.ResponseItemIds, ">", text);
        return text.ToString();
    }

    private static void Items(OpenRollout rollout, IEnumerable<string> ids, string sign, StringBuilder text)
    {
        foreach (var id in ids)
        {
            var item = rollout.Graph.ConversationItems[id];
            text.AppendLine($"      {sign} {item.Role} {item.Kind} {item.CallId} {string.Join(" ", item.Body.Parts.Select(Part))}");
        }
    }

    private static string Tool(OpenRollout rollout, RecordedToolCall tool)
    {
        var asked = rollout.Index.RequestThatAskedFor(tool) is { } request ? request.ResponseId ?? "a request" : "nobody";
        return $"    tool {RolloutIndex.NameOf(tool.Kind)} {tool.Execution.Status} {tool.ModelVisibleCallId} asked by {asked}, call items {tool.ModelVisibleCallItemIds.Count}, outputs {tool.ModelVisibleOutputItemIds.Count}\n";
    }

    private static void Edges(OpenRollout rollout, StringBuilder text)
    {
        foreach (var edge in rollout.Graph.InteractionEdges.Values.OrderBy(e => e.EdgeId, StringComparer.Ordinal))
        {
            text.AppendLine($"edge {edge.Kind} {Anchor(edge.Source)} -> {Anchor(edge.Target)}");
        }
    }

    private static string Anchor(InteractionAnchor anchor) => anchor switch
    {
        ThreadAnchor thread => $"thread {thread.ThreadId}",
        ToolCallAnchor tool => $"tool {tool.ToolCallId}",
        ConversationItemAnchor item => item.ItemId,
        _ => anchor.ToString(),
    };

    private static string Part(ConversationPart part) => Short(part switch
    {
        TextPart t => t.Text,
        JsonPart j => j.Summary,
        PayloadReferencePart r => $"[{r.Label}]",
        _ => part.ToString(),
    });

    private static string Short(string? text) => text is null ? "" : text.Replace("\n", "\\n", StringComparison.Ordinal) is { Length: > 90 } longer ? longer[..90] + "…" : text.Replace("\n", "\\n", StringComparison.Ordinal);
}
