using RolloutTrace.Analysis.Given;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>What a model saw, in order.</summary>
public sealed record Transcript
{
    private readonly int? total;

    /// <summary>The thread whose transcript it is.</summary>
    public required string ThreadId { get; init; }

    /// <summary>The request whose input it is; null if it is the whole thread's, or a compaction's request's.</summary>
    public string? InferenceCallId { get; init; }

    /// <summary>The compaction's request whose input it is; null if it is that of anything else.</summary>
    public string? CompactionRequestId { get; init; }

    /// <summary>What the request gave beside its items; null if that is not known, and for anything but the whole input of a request.</summary>
    public RequestGiven? Given { get; init; }

    /// <summary>How many items there are, of which <see cref="Entries"/> may be a part.</summary>
    public int Total { get => total ?? Entries.Count; init => total = value; }

    /// <summary>How many items to leave out to have those that follow here; null if none follow.</summary>
    public int? NextOffset { get; init; }

    /// <summary>The items, in order.</summary>
    public required IReadOnlyList<TranscriptEntry> Entries { get; init; }

    /// <summary>Of a thread, its requests in the order in which they were sent, those that were sent among <see cref="Entries"/>; else none.</summary>
    public IReadOnlyList<TranscriptRequest> Requests { get; init; } = [];

    /// <summary>
    /// Everything that was said in a thread, in the order in which it was first seen, each thing once: a message with an image, which is
    /// another item in each request, stands where it was sent first. A compaction marker stands where
    /// the history before it gave way to the one behind it.
    /// </summary>
    public static Transcript OfThread(OpenRollout rollout, AgentThread thread)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(thread);
        var entries = EntriesOf(rollout, thread.ConversationItemIds.Where(id => !rollout.Index.IsRepetition(id)));
        return new Transcript { ThreadId = thread.ThreadId, Entries = entries, Requests = RequestsIn(rollout, thread, entries) };
    }

    /// <summary>The exact input of a request, with what it gave beside its items.</summary>
    public static Transcript At(OpenRollout rollout, InferenceCall request)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(request);
        return new Transcript
        {
            ThreadId = request.ThreadId,
            InferenceCallId = request.InferenceCallId,
            Given = rollout.GivenOf(request),
            Entries = EntriesOf(rollout, request.RequestItemIds),
        };
    }

    /// <summary>What a request added to the input of the one before it in its thread; all of it for the first.</summary>
    public static Transcript NewAt(OpenRollout rollout, InferenceCall request)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(request);
        var before = rollout.Index.RequestBefore(request)?.RequestItemIds ?? IdList.Empty;
        return new Transcript
        {
            ThreadId = request.ThreadId,
            InferenceCallId = request.InferenceCallId,
            Entries = EntriesOf(rollout, Histories.Added(rollout.Graph, before, request.RequestItemIds)),
        };
    }

    /// <summary>What a request left out of the input of the one before it in its thread; nothing for the first.</summary>
    public static Transcript GoneAt(OpenRollout rollout, InferenceCall request)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(request);
        var before = rollout.Index.RequestBefore(request)?.RequestItemIds ?? IdList.Empty;
        var gone = request.RequestItemIds.StartsWith(before) ? [] : Histories.Added(rollout.Graph, request.RequestItemIds, before);
        return new Transcript { ThreadId = request.ThreadId, InferenceCallId = request.InferenceCallId, Entries = EntriesOf(rollout, gone) };
    }

    /// <summary>The exact input of a compaction's request, with what it gave beside its items. An item that nothing else showed has an empty id.</summary>
    public static Transcript At(OpenRollout rollout, RecordedCompactionRequest request)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(request);
        var input = new CompactionInput(rollout, request);
        return new Transcript
        {
            ThreadId = request.ThreadId,
            CompactionRequestId = request.CompactionRequestId,
            Given = input.Given,
            Entries = EntriesOf(rollout, input.Items.Select(static shown => shown.Item)),
        };
    }

    /// <summary>What a compaction's request showed beyond what the model of its thread had last been shown and had answered.</summary>
    public static Transcript NewAt(OpenRollout rollout, RecordedCompactionRequest request)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(request);
        var input = new CompactionInput(rollout, request);
        var before = input.History().Select(static item => item.ItemId).ToHashSet(StringComparer.Ordinal);
        return new Transcript
        {
            ThreadId = request.ThreadId,
            CompactionRequestId = request.CompactionRequestId,
            Entries = EntriesOf(rollout, input.Items.Select(static shown => shown.Item).Where(item => !before.Contains(item.ItemId))),
        };
    }

    /// <summary>A part of it, with the requests that were sent before one of the part's items; the last part has those behind the last item as well.</summary>
    /// <param name="skipped">How many items stand before the part.</param>
    /// <param name="most">How many items it has at most.</param>
    public Transcript Part(int skipped, int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skipped);
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        if (skipped == 0 && most >= Entries.Count)
        {
            return this;
        }

        List<TranscriptEntry> entries = [.. Entries.Skip(skipped).Take(most)];
        var behind = skipped + entries.Count;
        var isLast = behind >= Entries.Count;
        return this with
        {
            Total = Total,
            NextOffset = isLast || entries.Count == 0 ? null : behind,
            Entries = entries,
            Requests = [.. Requests.Where(request => request.EntriesBefore >= skipped && (request.EntriesBefore < behind || (isLast && entries.Count > 0)))],
        };
    }

    private static List<TranscriptEntry> EntriesOf(OpenRollout rollout, IEnumerable<string> ids) => EntriesOf(rollout, ids.Select(id => rollout.Graph.ConversationItems[id]));

    private static List<TranscriptEntry> EntriesOf(OpenRollout rollout, IEnumerable<ConversationItem> items)
    {
        var entries = new List<TranscriptEntry>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var tool = rollout.Index.ToolOf(item.ItemId);
            entries.Add(new TranscriptEntry
            {
                Item = item,
                Text = ItemText.Of(item),
                ToolCallId = tool?.ToolCallId,
                ToolName = NameOf(rollout, item, tool, names),
                CompactionId = item.Kind == ConversationItemKind.CompactionMarker
                    ? item.ProducedBy.OfType<CompactionProducer>().FirstOrDefault()?.CompactionId
                    : null,
            });
        }

        return entries;
    }

    // An output is of the last call of its id. What the model called it by tells more than what the tool is.
    private static string? NameOf(OpenRollout rollout, ConversationItem item, RecordedToolCall? tool, Dictionary<string, string> names)
    {
        if (item.Kind is not (ConversationItemKind.FunctionCall or ConversationItemKind.FunctionCallOutput
            or ConversationItemKind.CustomToolCall or ConversationItemKind.CustomToolCallOutput))
        {
            return null;
        }

        var called = item.ItemId.Length > 0 ? rollout.Contents.FactOf(item.ItemId).Name : null;
        var isCall = item.Kind is ConversationItemKind.FunctionCall or ConversationItemKind.CustomToolCall;
        var name = called
            ?? (!isCall && item.CallId is not null ? names.GetValueOrDefault(item.CallId) : null)
            ?? (tool is null ? null : RolloutIndex.NameOf(tool.Kind))
            ?? (rollout.Index.CellOf(item.ItemId) is null ? null : "exec");
        if (isCall && name is not null && item.CallId is { } callId)
        {
            names[callId] = name;
        }

        return name;
    }

    // Behind the last item that it showed, and before its response.
    private static List<TranscriptRequest> RequestsIn(OpenRollout rollout, AgentThread thread, List<TranscriptEntry> entries)
    {
        var index = rollout.Index;
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var shown = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < entries.Count; i++)
        {
            var id = entries[i].Item.ItemId;
            places[id] = i;
            if (index.FirstRequestWith(id) is { } first)
            {
                shown[first.InferenceCallId] = i;
            }
        }

        var requests = new List<TranscriptRequest>();
        var before = 0;
        foreach (var request in index.RequestsOfThread(thread.ThreadId))
        {
            var last = request.RequestItemIds is [.., var id] && places.TryGetValue(id, out var place) ? place : -1;
            before = Math.Max(before, 1 + Math.Max(last, shown.GetValueOrDefault(request.InferenceCallId, -1)));
            requests.Add(new TranscriptRequest
            {
                InferenceCallId = request.InferenceCallId,
                StartedAtUnixMs = request.Execution.StartedAtUnixMs,
                Status = request.Execution.Status == ExecutionStatus.Running && rollout.Liveness.IsOver ? OutlineNode.Unfinished : WireName.Of(request.Execution.Status),
                EntriesBefore = before,
            });
        }

        return requests;
    }
}
