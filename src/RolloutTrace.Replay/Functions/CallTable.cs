using System.Text.Json;
using Microsoft.Extensions.AI;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Comparing;
using RolloutTrace.Reducer;
using RolloutTrace.Replay.Requests;
using RolloutTrace.Wire;

namespace RolloutTrace.Replay.Functions;

/// <summary>The recorded calls of functions by what they were given, and which of them have been given. Safe for concurrent use.</summary>
internal sealed class CallTable
{
    // What function invocation tells the model of an exception stands before the exception's own words, and will again.
    private const string Told = "Error: Function failed. Exception: ";

    private readonly RecordedRun run;
    private readonly ReplayFunctionOptions options;
    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, List<RecordedCall>> byKey = [];
    private readonly Dictionary<string, List<RecordedCall>> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<RecordedCall, int> given = new(ReferenceEqualityComparer.Instance);

    public CallTable(RecordedRun run, ReplayFunctionOptions options)
    {
        (this.run, this.options) = (run, options);
        foreach (var call in run.Rollout.Graph.ToolCalls.Values.OrderBy(static call => call.Execution.StartedSeq))
        {
            Add(call);
        }
    }

    /// <summary>The recorded call that stands for one; null if the function itself is to run.</summary>
    /// <param name="name">The function.</param>
    /// <param name="arguments">What it is given, JSON.</param>
    /// <exception cref="ReplayException">There is none, and the function is not to run.</exception>
    public RecordedCall? TryTake(string name, string arguments)
    {
        var same = byKey.GetValueOrDefault(KeyOf(name, arguments, options.Time.GetUtcNow().ToUnixTimeMilliseconds())) ?? [];
        var ended = same.Where(static call => call.HasEnded).ToList();
        lock (gate)
        {
            var next = ended.MinBy(call => given.GetValueOrDefault(call));
            var times = next is null ? 0 : given.GetValueOrDefault(next);
            if (next is not null && (times == 0 || options.AfterLast != ReplayAfterLast.Fail))
            {
                next = times > 0 && options.AfterLast == ReplayAfterLast.Repeat ? ended[^1] : next;
                given[next] = given.GetValueOrDefault(next) + 1;
                return next;
            }
        }

        return options.FailUnknown ? throw Unknown(name, arguments, same, ended) : null;
    }

    /// <summary>What the model got of a recorded call.</summary>
    /// <exception cref="ReplayedFunctionException">The call failed.</exception>
    public object? ResultOf(RecordedCall recorded)
    {
        var result = run.Rollout.Payloads?.Document(recorded.Result, ReadResult);
        if (recorded.HasFailed)
        {
            var words = result as string ?? run.Rollout.Failures.Of(recorded.Call) ?? "the recorded call failed";
            throw new ReplayedFunctionException(recorded.Call.ToolCallId, words.StartsWith(Told, StringComparison.Ordinal) ? words[Told.Length..] : words);
        }

        return result;
    }

    private void Add(RecordedToolCall call)
    {
        var payloads = run.Rollout.Graph.RawPayloads;
        var (name, arguments) = Read(call);
        var recorded = new RecordedCall(call, CanonicalJson.OfText(arguments), call.RawResultPayloadId is { } result ? payloads.GetValueOrDefault(result) : null);
        var key = KeyOf(name, arguments, call.Execution.StartedAtUnixMs);
        (byKey.TryGetValue(key, out var same) ? same : byKey[key] = []).Add(recorded);
        (byName.TryGetValue(name, out var ofName) ? ofName : byName[name] = []).Add(recorded);
    }

    private (string Name, string Arguments) Read(RecordedToolCall call)
    {
        var payload = call.RawInvocationPayloadId is { } id ? run.Rollout.Graph.RawPayloads.GetValueOrDefault(id) : null;
        string? name = null;
        string? arguments = null;
        run.Rollout.Payloads?.Document(payload, document =>
        {
            name = JsonText.MemberOrNull(document, "tool_name");
            var inner = JsonText.Member(document, "payload");
            var value = JsonText.Member(inner, "arguments") is { ValueKind: not JsonValueKind.Undefined } given ? given : JsonText.Member(inner, "input");
            arguments = JsonText.Read(value, out _) ?? CanonicalJson.Of(value);
            return "";
        });
        return (name ?? RolloutIndex.NameOf(call.Kind), arguments ?? "");
    }

    private UInt128 KeyOf(string name, string arguments, long clockMs) => run.Texts.Of($"call of {name} {CanonicalJson.OfText(arguments.Length == 0 ? "{}" : arguments)}", clockMs).Key;

    private static object? ReadResult(JsonElement document)
    {
        var item = JsonText.Member(document, "response_item");
        var output = JsonText.Member(item, "output");
        if (output.ValueKind == JsonValueKind.Array)
        {
            return PartsOf(output);
        }

        foreach (var value in (ReadOnlySpan<JsonElement>)[output, JsonText.Member(document, "value"), JsonText.Member(document, "error")])
        {
            if (value.ValueKind != JsonValueKind.Undefined)
            {
                return JsonText.Read(value, out _) ?? CanonicalJson.Of(value);
            }
        }

        return null;
    }

    private static List<AIContent> PartsOf(JsonElement output)
    {
        var parts = new List<AIContent>();
        foreach (var part in output.EnumerateArray())
        {
            var text = JsonText.MemberOrNull(part, "text");
            var uri = JsonText.MemberOrNull(part, "image_url") ?? JsonText.MemberOrNull(part, "file_data") ?? JsonText.MemberOrNull(part, "file_url");
            parts.Add(text is not null ? new TextContent(text)
                : uri?.StartsWith("data:", StringComparison.Ordinal) == true ? new DataContent(uri)
                : new AIContent { RawRepresentation = part.Clone() });
        }

        return parts;
    }

    private ReplayException Unknown(string name, string arguments, List<RecordedCall> same, List<RecordedCall> ended)
    {
        if (ended.Count > 0)
        {
            return new ReplayException(ReplayReason.AskedTooOften, $"tool call {ended[^1].Call.ToolCallId} of {name} was recorded {(ended.Count == 1 ? "once" : $"{ended.Count} times")}, and is made once more") { NearestId = ended[^1].Call.ToolCallId };
        }

        if (same.Count > 0)
        {
            return new ReplayException(ReplayReason.Unended, $"tool call {same[0].Call.ToolCallId} of {name} was recorded without an end") { NearestId = same[0].Call.ToolCallId };
        }

        var asked = CanonicalJson.OfText(arguments);
        var nearest = byName.GetValueOrDefault(name)?.MaxBy(call => call.Arguments.AsSpan().CommonPrefixLength(asked));
        if (nearest is null)
        {
            return new ReplayException(ReplayReason.NeverAsked, $"{name} was never called");
        }

        var (was, now) = Excerpt.Of(nearest.Arguments, asked);
        var difference = new ReplayDifference { What = "arguments", Name = name, Recorded = was, Asked = now };
        return new ReplayException(ReplayReason.NeverAsked, $"{name} was never called so; nearest is tool call {nearest.Call.ToolCallId}, which differs first in {difference}")
        {
            NearestId = nearest.Call.ToolCallId,
            Difference = difference,
        };
    }
}
