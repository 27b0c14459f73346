using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Overviews;

/// <summary>Goes through an event log for counts and names.</summary>
internal sealed class LogScan(BundleReader bundle, bool withUsage)
{
    private readonly List<string> agents = [];
    private readonly List<string> models = [];
    private readonly UsageSum requests = new(bundle);
    private readonly UsageSum compactionRequests = new(bundle);
    private int turns;
    private int toolCalls;
    private int unreadableLines;
    private long? lastEvent;
    private PayloadReference? lastPayload;
    private PayloadReference? firstRequest;
    private bool isTorn;
    private RolloutStatus status = RolloutStatus.Running;

    public BundleOverview Read(DateTimeOffset now)
    {
        var writer = bundle.FindWriter();
        Scan();
        var liveness = RolloutLiveness.Of(status, writer, lastEvent, now);
        liveness = (IsCut() ? liveness.OfCopy(writer) : liveness).With(bundle.Manifest.Lost);
        return new BundleOverview
        {
            Bundle = bundle.DisplayName,
            RolloutId = bundle.Manifest.RolloutId,
            StartedAtUnixMs = bundle.Manifest.StartedAtUnixMs,
            LastEventAtUnixMs = lastEvent,
            Status = liveness.Status,
            StatusEvidence = liveness.Evidence,
            Lost = liveness.Lost,
            Collected = bundle.Manifest.Collected,
            Agents = agents,
            Turns = turns,
            Requests = requests.Requests,
            ToolCalls = toolCalls,
            Models = models,
            FirstUserMessage = firstRequest is null ? null : FirstUserMessage.Of(bundle, firstRequest),
            Bytes = Bytes(),
            Usage = TokenSum.Of([requests.Total, compactionRequests.Total]),
            UnreadableLines = unreadableLines,
        };
    }

    private void Scan()
    {
        foreach (var line in bundle.ReadEvents())
        {
            isTorn = line.Event is null && line.Defect is { Kind: LineDefectKind.NotJson };
            if (line.Event is { } raw)
            {
                lastEvent = raw.WallTimeUnixMs;
                Count(raw.Payload);
                lastPayload = raw.Payload.PayloadReferences is [.., var reference] ? reference : lastPayload;
            }
            else
            {
                // Half a line of a bundle whose program died, or one that is damaged: an overview does without it.
                unreadableLines++;
            }
        }
    }

    private void Count(RawEventPayload payload)
    {
        switch (payload)
        {
            case ThreadStartedEvent e:
                agents.Add(e.AgentPath);
                break;
            case CodexTurnStartedEvent:
                turns++;
                break;
            case InferenceStartedEvent e:
                requests.Start(e.InferenceCallId);
                firstRequest ??= e.RequestPayload;
                if (!models.Contains(e.Model))
                {
                    models.Add(e.Model);
                }

                break;
            case ToolCallStartedEvent:
                toolCalls++;
                break;
            case RolloutEndedEvent e when e.Status != RolloutStatus.Running:
                status = e.Status;
                break;
            case CompactionRequestStartedEvent e:
                compactionRequests.Start(e.CompactionRequestId);
                break;
            case InferenceCompletedEvent e when withUsage:
                requests.End(e.InferenceCallId, e.ResponsePayload);
                break;
            case InferenceFailedEvent e when withUsage:
                requests.End(e.InferenceCallId, e.PartialResponsePayload);
                break;
            case InferenceCancelledEvent e when withUsage:
                requests.End(e.InferenceCallId, e.PartialResponsePayload);
                break;
            case CompactionRequestCompletedEvent e when withUsage:
                compactionRequests.End(e.CompactionRequestId, e.ResponsePayload);
                break;
        }
    }

    // Copied or cut while it was written: then the log ends in the middle of a line, or names a payload that is not there yet.
    private bool IsCut() => isTorn || (lastPayload is not null && !bundle.HasPayload(lastPayload));

    private long Bytes() => bundle.GetEventLogLength() + bundle.Files.GetTotalLength(bundle.Manifest.PayloadsDir);
}
