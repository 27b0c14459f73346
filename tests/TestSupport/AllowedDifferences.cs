using System.Diagnostics;
using System.Text.Json.Nodes;

namespace RolloutTrace.TestSupport;

/// <summary>What spans made from a bundle and those that the process had may differ in: all of it, by name.</summary>
internal static class AllowedDifferences
{
    private static readonly string[] Sums =
    [
        RolloutAttributes.GenAI.UsageInputTokens, RolloutAttributes.GenAI.UsageOutputTokens, RolloutAttributes.GenAI.UsageCacheReadInputTokens,
        RolloutAttributes.GenAI.UsageCacheWriteInputTokens, RolloutAttributes.GenAI.UsageReasoningOutputTokens, RolloutAttributes.GenAI.InputMessages,
        RolloutAttributes.GenAI.OutputMessages, RolloutAttributes.Payload.Request, RolloutAttributes.Payload.Response, RolloutAttributes.Content.Cut,
    ];

    /// <summary>Of a program that uses handles as it should.</summary>
    public static IReadOnlyList<AllowedDifference> Few { get; } =
    [
        new("the format has no event for a compaction that was given up: its requests, if there are any, tell of it", GivenUp),
        new("the log has the words of what went wrong with requests and with what carried out a tool, and of a tool call that gave no result", Words),
    ];

    /// <summary>Of any program at all.</summary>
    public static IReadOnlyList<AllowedDifference> All { get; } =
    [
        .. Few,
        new("what never ended has no status while it lives; in a bundle it is unfinished, or its turn has ended it", Unended),
        new("who asked for a call is known from the response that holds it, where the program does not say it", WhoAsked),
        new("which cell a call waits for is known from its arguments, where the program does not say it", WhatIsWaitedFor),
        new("what a request gives that ends after its turn is in the turn's sums, which were told when the turn ended", LateRequests),
        new("whose terminal input goes to is known afterwards, where the command got its name later", LateCreator),
        new("a call that has ended knows nothing of the terminal that its input goes to later", LateTerminal),
        new("a terminal that a command is given is written with the command's end", TerminalOfUnended),
        new("what other agents sent is linked from the request that carries it; the process can only take the next one", Messages),
    ];

    /// <summary>The kinds of links that stand on another request than the process thought.</summary>
    public static IReadOnlyList<string> MessageKinds { get; } = [RolloutLinkKinds.SendMessage, RolloutLinkKinds.AssignAgentTask, RolloutLinkKinds.AgentResult];

    private static SpanPair? GivenUp(SpanPair pair)
    {
        if (!pair.Name.StartsWith("compact ", StringComparison.Ordinal) || pair.LiveValue(RolloutAttributes.Compaction.Installed) == "true")
        {
            return pair;
        }

        if (pair.Made is null && !pair.Others.Any(span => span.ParentSpanId.ToHexString() == pair.Live!.Id))
        {
            return null;
        }

        return pair
            .Without(RolloutAttributes.Status, RolloutAttributes.Error.Type, RolloutAttributes.Compaction.Installed, Analysis.RolloutSpans.Unfinished, Analysis.RolloutSpans.Liveness)
            .Map(static span => span with { IsError = false, Description = null, Exception = null });
    }

    private static SpanPair Words(SpanPair pair) => HasWords(pair) ? pair : pair.Map(static span => span with { Description = null, Exception = null });

    private static bool HasWords(SpanPair pair)
    {
        var span = pair.Live ?? pair.Made!;
        return span.IsClient
            || pair.Name.StartsWith("tool_runtime ", StringComparison.Ordinal)
            || (span.Attributes.ContainsKey(RolloutAttributes.Tool.Id)
                && span.Attributes.TryGetValue(RolloutAttributes.Payload.Result, out var result)
                && JsonNode.Parse(File.ReadAllText(Path.Join(pair.Bundle, result))) is JsonObject payload
                && payload.ContainsKey("error"));
    }

    private static SpanPair Unended(SpanPair pair) => pair.HasEnded ? pair : pair
        .Without(
            RolloutAttributes.Status, RolloutAttributes.Error.Type, RolloutAttributes.CodeCell.Status, Analysis.RolloutSpans.Unfinished, Analysis.RolloutSpans.Liveness)
        .Map(static span => span with { IsError = false, Description = null, Exception = null });

    private static SpanPair WhoAsked(SpanPair pair) =>
        pair.Name.StartsWith("execute_tool ", StringComparison.Ordinal) && pair.LiveValue(RolloutAttributes.Link.Prefix + RolloutLinkKinds.CausedBy) is null
            ? pair.WithoutLinks(RolloutLinkKinds.CausedBy)
            : pair;

    private static SpanPair WhatIsWaitedFor(SpanPair pair) =>
        pair.Name == "execute_tool wait" && pair.LiveValue(RolloutAttributes.Link.Prefix + RolloutLinkKinds.WaitsFor) is null
            ? pair.WithoutLinks(RolloutLinkKinds.WaitsFor)
            : pair;

    private static SpanPair LateRequests(SpanPair pair)
    {
        if (!pair.Name.StartsWith("invoke_agent ", StringComparison.Ordinal))
        {
            return pair;
        }

        var turnId = pair.LiveValue(RolloutAttributes.Turn.Id);
        var end = pair.Others.FirstOrDefault(span => span.SpanId.ToHexString() == pair.Live?.Id) is { IsStopped: true } turn ? EndOf(turn) : DateTime.MinValue;
        return !pair.HasEnded || pair.Others.Any(span => span.Kind == ActivityKind.Client && Equals(span.GetTagItem(RolloutAttributes.Turn.Id), turnId) && EndOf(span) >= end)
            ? pair.Without(Sums)
            : pair;
    }

    private static SpanPair LateTerminal(SpanPair pair) =>
        pair.LiveValue(RolloutAttributes.Tool.Id) is not null
        && pair.LiveValue(RolloutAttributes.Terminal.Id) is null
        && pair.MadeValue(RolloutAttributes.Terminal.Id) is { } terminal
        && pair.Others.Any(span => span.ParentSpanId.ToHexString() == pair.Live!.Id && Equals(span.GetTagItem(RolloutAttributes.Terminal.Id), terminal))
            ? pair.Without(RolloutAttributes.Terminal.Id)
            : pair;

    private static SpanPair LateCreator(SpanPair pair) =>
        pair.MadeValue(RolloutAttributes.Terminal.Id) is not null && pair.LiveValue(RolloutAttributes.Link.Prefix + RolloutLinkKinds.Continues) is null
            ? pair.WithoutLinks(RolloutLinkKinds.Continues)
            : pair;

    private static SpanPair TerminalOfUnended(SpanPair pair) =>
        !pair.HasEnded && pair.LiveValue(RolloutAttributes.Process.ExecutableName) is not null && pair.MadeValue(RolloutAttributes.Terminal.Id) is null
            ? pair.Without(RolloutAttributes.Terminal.Id)
            : pair;

    // Which they are in all is compared apart.
    private static SpanPair Messages(SpanPair pair) => pair.Name.StartsWith("chat ", StringComparison.Ordinal)
        ? MessageKinds.Aggregate(pair.Without(RolloutAttributes.Edge.Id), static (rest, kind) => rest.WithoutLinks(kind))
        : pair;

    private static DateTime EndOf(Activity span) => span.IsStopped ? span.StartTimeUtc + span.Duration : DateTime.MaxValue;
}
