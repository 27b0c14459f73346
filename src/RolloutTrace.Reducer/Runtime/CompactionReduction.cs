using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>Compactions: the model requests made for them, and the histories that they install.</summary>
internal sealed class CompactionReduction(
    ReplayState state,
    Conversations conversations,
    PayloadReader payloads,
    Tolerance tolerance,
    EventPlaces places,
    ItemNormalizer normalizer,
    ItemSightings sightings)
{
    private static readonly ItemContent Marker = new()
    {
        Role = ConversationRole.Assistant,
        Kind = ConversationItemKind.CompactionMarker,
        Parts = [],
    };

    private readonly JournaledTable<string, IdList> requestsOf = new(state.Journal, StringComparer.Ordinal);

    public void StartRequest(RawEvent raw, CompactionRequestStartedEvent e)
    {
        if (state.CompactionRequests.Contains(e.CompactionRequestId))
        {
            throw ReductionFault.Contradiction($"compaction request {e.CompactionRequestId} has started already");
        }

        var what = $"the start of compaction request {e.CompactionRequestId}";
        places.Thread(raw, e.ThreadId, what);
        places.TurnOf(raw, e.CodexTurnId, e.ThreadId, what);
        state.CompactionRequests.Set(e.CompactionRequestId, new RecordedCompactionRequest
        {
            CompactionRequestId = e.CompactionRequestId,
            CompactionId = e.CompactionId,
            ThreadId = e.ThreadId,
            CodexTurnId = e.CodexTurnId,
            Execution = ExecutionWindow.StartedBy(raw),
            Model = e.Model,
            ProviderName = e.ProviderName,
            RawRequestPayloadId = e.RequestPayload.RawPayloadId,
            Otel = raw.Otel?.Reference,
        });
        requestsOf.Set(e.CompactionId, (requestsOf.Find(e.CompactionId) ?? IdList.Empty).Append(e.CompactionRequestId));
    }

    public void EndRequest(RawEvent raw, CompactionRequestCompletedEvent e) =>
        EndRequest(raw, e.CompactionId, e.CompactionRequestId, ExecutionStatus.Completed, e.ResponsePayload.RawPayloadId);

    public void EndRequest(RawEvent raw, CompactionRequestFailedEvent e) =>
        EndRequest(raw, e.CompactionId, e.CompactionRequestId, ExecutionStatus.Failed, responsePayloadId: null);

    public void Install(RawEvent raw, CompactionInstalledEvent e)
    {
        var what = $"the installation of compaction {e.CompactionId}";
        if (state.Compactions.Contains(e.CompactionId))
        {
            throw ReductionFault.Contradiction($"compaction {e.CompactionId} is installed already");
        }

        var threadId = places.OwnThreadOf(raw, what);
        places.Thread(raw, threadId, what);
        var turnId = places.TurnOf(raw, raw.CodexTurnId, threadId, what);

        using var checkpoint = payloads.OpenOrNote(e.CheckpointPayload);
        var sighting = new Sighting(raw, threadId, turnId, e.CheckpointPayload);
        var unknown = checkpoint is null ? Payload.CauseOf(e.CheckpointPayload.RawPayloadId)
            : checkpoint.ReplacedBecause is not null ? RecorderMarker.CauseOf(e.CheckpointPayload.RawPayloadId)
            : null;
        var before = List(checkpoint, PayloadMembers.InputHistory, ref unknown);
        var after = List(checkpoint, PayloadMembers.ReplacementHistory, ref unknown);
        var producer = new CompactionProducer { CompactionId = e.CompactionId };

        var input = Match(sighting, before);
        var marker = sightings.Create(sighting, Marker, producer);
        var replacement = Create(sighting, after, producer);
        conversations.Of(threadId).Baseline.Value = unknown is null ? History.Known(replacement) : History.Known(replacement).Lost(unknown);
        state.Compactions.Set(e.CompactionId, new RecordedCompaction
        {
            CompactionId = e.CompactionId,
            ThreadId = threadId,
            CodexTurnId = turnId,
            InstalledAtUnixMs = raw.WallTimeUnixMs,
            MarkerItemId = marker,
            RequestIds = IdList.From((requestsOf.Find(e.CompactionId) ?? IdList.Empty).Order(StringComparer.Ordinal)),
            InputItemIds = input,
            ReplacementItemIds = replacement,
            Otel = raw.Otel?.Reference,
        });
    }

    private IdList Match(in Sighting sighting, JsonElement before)
    {
        var resolver = sightings.Resolve(sighting, conversations.Of(sighting.ThreadId).Snapshot.Value);
        foreach (var item in normalizer.ReadList(before))
        {
            if (normalizer.Normalize(item, sighting.Payload.RawPayloadId) is { } content)
            {
                resolver.Anywhere(content);
            }
        }

        return resolver.Items;
    }

    // What a compaction leaves is new, even if it says what was said before.
    private IdList Create(in Sighting sighting, JsonElement after, CompactionProducer producer)
    {
        var replacement = IdList.Empty;
        var links = sightings.LinkByName(sighting.ThreadId, IdList.Empty);
        foreach (var item in normalizer.ReadList(after))
        {
            if (normalizer.Normalize(item, sighting.Payload.RawPayloadId) is { } content)
            {
                var linked = content.LinkName is null ? content : links.Link(content, replacement);
                replacement = replacement.Append(sightings.Create(sighting, linked, producer));
            }
        }

        return replacement;
    }

    private void EndRequest(RawEvent raw, string compactionId, string requestId, ExecutionStatus status, string? responsePayloadId)
    {
        var request = state.CompactionRequests.Find(requestId)
            ?? throw ReductionFault.Unknown($"the end of compaction request {requestId} names no known request", requestId);
        if (request.CompactionId != compactionId)
        {
            tolerance.Accept(new Defect
            {
                Severity = DiagnosticSeverity.Warning,
                Code = DiagnosticCodes.Contradiction,
                FaultCode = DiagnosticCodes.Contradiction,
                What = $"the end of compaction request {requestId} names compaction {compactionId}, but it was started for {request.CompactionId}",
                Kept = "it ends the request",
            });
        }

        state.CompactionRequests.Set(requestId, request with
        {
            Execution = request.Execution.EndedBy(raw, status),
            RawResponsePayloadId = responsePayloadId,
        });
    }

    // A list that is not there is empty, and what the model is shown next is unknown.
    private JsonElement List(Payload? checkpoint, string member, ref string? unknown)
    {
        if (checkpoint is null)
        {
            return default;
        }

        var list = PayloadDocument.Member(checkpoint.Content.Root, member);
        if (list.ValueKind == JsonValueKind.Array)
        {
            return list;
        }

        tolerance.Accept(new Defect
        {
            Severity = DiagnosticSeverity.Warning,
            Code = DiagnosticCodes.UnusablePayload,
            What = $"the checkpoint in {checkpoint.Content.Name} has no list '{member}'",
            Kept = "the compaction is kept without it",
            Cause = $"checkpoint {member} {checkpoint.Content.Name}",
        });
        if (member == PayloadMembers.ReplacementHistory)
        {
            unknown ??= $"checkpoint {member} {checkpoint.Content.Name}";
        }

        return default;
    }
}
