using System.Text;
using System.Text.RegularExpressions;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>Looks for a text in what the model saw and in what the runtime did.</summary>
public static class RolloutSearch
{
    private const int ContextLength = 60;
    private const int LongestMatch = 240;

    /// <summary>
    /// The lines that match, each once per place. A conversation item is searched once, however often it was sent, and
    /// a tool call with the payloads of its input and result, which can hold more than the conversation shows. Instructions and tool
    /// definitions are searched at the first of the requests in a row that gave them, and the words of why something failed or was
    /// given up: a request, a call, a code cell. Breadcrumbs are searched as they are: what a log or a program told that is no part of
    /// the conversation.
    /// </summary>
    /// <param name="rollout">The rollout; without a bundle the state alone is searched.</param>
    /// <param name="pattern">What to look for, with a time-out if it comes from a stranger.</param>
    public static IEnumerable<SearchHit> Find(OpenRollout rollout, Regex pattern)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(pattern);
        return Places(rollout).SelectMany(place => Lines(place.Id, place.Part, place.Text, pattern));
    }

    private static IEnumerable<(string Id, string Part, string Text)> Places(OpenRollout rollout)
    {
        var (graph, failures) = (rollout.Graph, rollout.Failures);
        foreach (var thread in graph.Threads.Values.OrderBy(static thread => thread.Execution.StartedSeq))
        {
            yield return (thread.ThreadId, "agent", $"{thread.AgentPath} {thread.Nickname} {thread.DefaultModel}");
            foreach (var place in OfRequests(rollout, thread.ThreadId))
            {
                yield return place;
            }

            foreach (var id in thread.ConversationItemIds.Where(id => !rollout.Index.IsRepetition(id)))
            {
                // The name of a call that was recorded stands with it.
                if (rollout.Index.ToolOf(id) is null && rollout.Index.CellOf(id) is null && rollout.Contents.FactOf(id).Name is { } name)
                {
                    yield return (id, "name", name);
                }

                yield return (id, "text", ItemText.Of(graph.ConversationItems[id]));
            }
        }

        var requests = graph.InferenceCalls.Values.Select(call => (Id: call.InferenceCallId, call.Execution.StartedSeq, Words: failures.Of(call)))
            .Concat(graph.CompactionRequests.Values.Select(request => (Id: request.CompactionRequestId, request.Execution.StartedSeq, Words: failures.Of(request))))
            .OrderBy(static request => request.StartedSeq);
        foreach (var (id, _, words) in requests)
        {
            if (words is not null)
            {
                yield return (id, "error", words);
            }
        }

        foreach (var tool in graph.ToolCalls.Values.OrderBy(static tool => tool.Execution.StartedSeq))
        {
            yield return (tool.ToolCallId, "tool", RolloutIndex.NameOf(tool.Kind));
            foreach (var (part, text) in OfTool(rollout, tool))
            {
                yield return (tool.ToolCallId, part, text);
            }
        }

        foreach (var cell in graph.CodeCells.Values.OrderBy(static cell => cell.Execution.StartedSeq))
        {
            yield return (cell.CodeCellId, "code", cell.SourceJs);
            if (failures.Of(cell) is { } words)
            {
                yield return (cell.CodeCellId, "error", words);
            }
        }

        foreach (var (id, part, text) in OfBreadcrumbs(rollout))
        {
            yield return (id, part, text);
        }
    }

    private static IEnumerable<(string Id, string Part, string Text)> OfBreadcrumbs(OpenRollout rollout)
    {
        if (rollout.Bundle is not { } bundle)
        {
            yield break;
        }

        foreach (var payload in rollout.Graph.RawPayloads.Values.Where(static payload => payload.Kind == PayloadKind.ProtocolEvent))
        {
            if (TryRead(bundle, payload) is { } text)
            {
                yield return (payload.RawPayloadId, payload.Path, text);
            }
        }
    }

    // What a request repeats of the one before it is found there.
    private static IEnumerable<(string Id, string Part, string Text)> OfRequests(OpenRollout rollout, string threadId)
    {
        RequestGiven? before = null;
        foreach (var request in rollout.Index.RequestsOfThread(threadId))
        {
            if (rollout.GivenOf(request) is not { } given)
            {
                continue;
            }

            if (given.Instructions is { } instructions && !string.Equals(instructions, before?.Instructions, StringComparison.Ordinal))
            {
                yield return (request.InferenceCallId, "instructions", instructions);
            }

            if (!ReferenceEquals(given.Tools, before?.Tools))
            {
                var known = before?.Tools.Select(static tool => tool.Definition).ToHashSet(StringComparer.Ordinal);
                foreach (var tool in given.Tools.Where(tool => known?.Contains(tool.Definition) != true))
                {
                    yield return (request.InferenceCallId, "tool definition", $"{tool.Name}\n{tool.Description}\n{tool.Schema ?? (tool.Name is null ? tool.Definition : null)}");
                }
            }

            before = given;
        }
    }

    private static IEnumerable<(string Part, string Text)> OfTool(OpenRollout rollout, RecordedToolCall tool)
    {
        var (graph, bundle) = (rollout.Graph, rollout.Bundle);
        if (tool.TerminalOperationId is { } operationId && graph.TerminalOperations.TryGetValue(operationId, out var operation))
        {
            yield return operation.Request switch
            {
                ExecCommandRequest exec => ("command", exec.DisplayCommand),
                WriteStdinRequest stdin => ("stdin", stdin.Stdin),
                _ => throw new InvalidOperationException($"unknown request {operation.Request}"),
            };
            if (operation.Result is { } result)
            {
                yield return ("stdout", result.Stdout);
                yield return ("stderr", result.Stderr);
            }
        }

        // What a command said is searched above: of its failure the exit code is left.
        if (rollout.Failures.Of(tool) is { } words)
        {
            yield return ("error", tool.TerminalOperationId is not null && words.StartsWith("exit code ", StringComparison.Ordinal) ? words.Split(':')[0] : words);
        }

        if (bundle is null)
        {
            yield break;
        }

        foreach (var payloadId in new[] { tool.RawInvocationPayloadId, tool.RawResultPayloadId })
        {
            if (payloadId is not null && graph.RawPayloads.TryGetValue(payloadId, out var payload) && TryRead(bundle, payload) is { } text)
            {
                yield return (payload.Path, text);
            }
        }
    }

    // A payload that is missing has nothing to be found in it; that it is missing is not this question.
    private static string? TryRead(BundleReader bundle, PayloadReference payload)
    {
        try
        {
            using var bytes = bundle.ReadPayload(payload);
            return Encoding.UTF8.GetString(bytes.Span);
        }
        catch (BundleException)
        {
            return null;
        }
    }

    private static IEnumerable<SearchHit> Lines(string id, string part, string text, Regex pattern)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (pattern.Match(line) is { Success: true } match)
            {
                yield return Hit(id, part, number, line, match);
            }
        }
    }

    private static SearchHit Hit(string id, string part, int number, string line, Match match)
    {
        var start = TextClusters.PlaceAtOrBefore(line, Math.Max(0, match.Index - ContextLength));
        var matchEnd = TextClusters.PlaceAtOrAfter(line, match.Index + Math.Min(match.Length, LongestMatch));
        var end = TextClusters.PlaceAtOrAfter(line, Math.Min(line.Length, matchEnd + ContextLength));
        var before = OneLine((start > 0 ? "…" : "") + line[start..match.Index]).TrimStart();
        var matched = OneLine(line[match.Index..matchEnd]);
        var after = OneLine(line[matchEnd..end] + (end < line.Length ? "…" : "")).TrimEnd();
        return new SearchHit { Id = id, Part = part, Line = number, Text = before + matched + after, MatchStart = before.Length, MatchLength = matched.Length };
    }

    private static string OneLine(string text) =>
        string.Create(text.Length, text, static (line, source) =>
        {
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
}
