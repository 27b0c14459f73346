using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Agents;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.Reducer.Runtime;

namespace RolloutTrace.Reducer;

/// <summary>Applies raw events one by one, each whole or not at all, and hands each to the reduction whose concern it is.</summary>
internal sealed class RolloutReplay
{
    private readonly ReplayState state;
    private readonly DefectLog defects;
    private readonly FactTables facts;
    private readonly Tolerance tolerance;
    private readonly PayloadReader payloads;
    private readonly SeenInEvent seen;
    private readonly ThreadReduction threads;
    private readonly TurnReduction turns;
    private readonly InferenceReduction inferences;
    private readonly ToolCallReduction tools;
    private readonly CodeCellReduction cells;
    private readonly CompactionReduction compactions;
    private readonly AgentToolReduction agents;
    private readonly AgentEdges edges;
    private readonly ToolCallLinks toolLinks;
    private readonly UnreadableLines unreadable;
    private readonly CutBundle cut;
    private readonly BundleFiles files;
    private bool isAsWritten;

    // In this order: an item's producers are noted in the order of those who know them.
    private readonly IItemObserver[] afterEvent;

    /// <param name="bundle">The bundle.</param>
    /// <param name="strict">Whether the first defect ends it.</param>
    /// <param name="recognises">Whether what a request repeats is recognised by its bytes. It is only faster; without it everything is read.</param>
    /// <param name="ahead">Of which requests the entries may be found before they are applied; null if nobody does.</param>
    public RolloutReplay(BundleReader bundle, bool strict, bool recognises = true, EntriesAhead? ahead = null)
    {
        files = bundle.Files;
        state = new ReplayState(bundle.Manifest);
        defects = new DefectLog(state.Journal);
        tolerance = strict ? new Strict(defects, bundle.EventLogName) : new Lenient(defects, state.Journal);
        payloads = new PayloadReader(bundle, tolerance);
        seen = new SeenInEvent(state);

        var conversations = new Conversations(state.Journal, tolerance);
        var normalizer = new ItemNormalizer(tolerance);
        var places = new EventPlaces(state, tolerance);
        var sightings = new ItemSightings(state, conversations, seen, tolerance, strict ? new RefuseRewrites() : new KeepBoth(state, tolerance));
        var requests = new RequestReduction(state, conversations, payloads, tolerance, normalizer, sightings, ahead ?? new EntriesAhead(), recognises);

        toolLinks = new ToolCallLinks(state, conversations, tolerance);
        cells = new CodeCellReduction(state, conversations, tolerance, places);
        edges = new AgentEdges(state);
        afterEvent = [toolLinks, cells, edges];

        threads = new ThreadReduction(state, conversations, payloads, tolerance, places, edges);
        inferences = new InferenceReduction(state, conversations, payloads, tolerance, places, normalizer, sightings, requests);
        turns = new TurnReduction(state, tolerance, places, inferences, cells);
        agents = new AgentToolReduction(state, payloads, tolerance, places, edges);
        tools = new ToolCallReduction(state, payloads, tolerance, places, toolLinks, new TerminalReduction(state, tolerance), cells, agents);
        compactions = new CompactionReduction(state, conversations, payloads, tolerance, places, normalizer, sightings);
        unreadable = new UnreadableLines();
        cut = new CutBundle(bundle, state, defects);
        facts = new FactTables(tools.IdOf, inferences.IdOf);
        LineDefects.MentionVersion(tolerance, bundle.Manifest);
        state.Journal.Commit();
    }

    /// <summary>Applies the event on a line, or says why not.</summary>
    /// <exception cref="ReductionException">The line cannot be applied, and replay is strict.</exception>
    public void Apply(RawEventLine line, PrefetchedPayload? payload)
    {
        defects.MoveTo(line);
        payloads.MoveTo(payload);
        cut.MoveTo(line);
        isAsWritten = line.Defect is null;
        if (line.Event is not { } raw)
        {
            tolerance.Refuse(DiagnosticCodes.UnreadableEvent, line.Defect!.Text, fault: null, unreadable.Note(line));
            return;
        }

        facts.See(raw);
        foreach (var reference in raw.Payload.PayloadReferences)
        {
            state.RawPayloads[reference.RawPayloadId] = reference;
        }

        if (!IsSound(line, raw) && !TryAccept(line, raw))
        {
            return;
        }

        if (!TryApply(raw, mayMend: tolerance.MendsText))
        {
            payloads.MendsText = true;
            TryApply(raw, mayMend: false);
            payloads.MendsText = false;
        }
    }

    /// <summary>The state at the end of the log, and what else the log told.</summary>
    /// <exception cref="ReductionException">The bundle is damaged where no line names it, and replay is strict.</exception>
    public ReductionResult Finish()
    {
        payloads.MoveTo(null);
        toolLinks.Finish();
        edges.Finish();
        state.Journal.Commit();
        cut.Conclude();
        if (files.FindDamage() is { } damage)
        {
            tolerance.Refuse(DiagnosticCodes.BundleDamaged, damage, fault: null, cause: null);
        }

        defects.Count();
        var told = facts.ToFacts(state);

        // Last: the tables are given up one by one.
        return new ReductionResult { Graph = state.ToGraph(defects.Diagnostics), Facts = told, Diagnostics = defects.Diagnostics };
    }

    // False if the event might apply once the text in its payloads is mended.
    private bool TryApply(RawEvent raw, bool mayMend)
    {
        try
        {
            Dispatch(raw);
            AfterEvent();
            state.Journal.Commit();
            facts.Add(raw);
        }
        catch (ReductionFault fault) when (fault.IsInvalidText && mayMend)
        {
            TakeBack();
            return false;
        }
        catch (ReductionFault fault)
        {
            TakeBack();
            tolerance.Refuse(fault.Code, fault.Message, fault, fault.UnknownId is { } id ? unreadable.Cause ?? $"unknown {id}" : fault.CauseKey);
        }
        catch (InvalidOperationException e) when (e.Source?.StartsWith("System.Text.Json", StringComparison.Ordinal) == true)
        {
            // JSON text is only decoded when it is asked for; half a surrogate pair is found nowhere before.
            TakeBack();
            if (mayMend)
            {
                return false;
            }

            tolerance.Refuse(
                DiagnosticCodes.UnusablePayload,
                $"payload {raw.Payload.PayloadReferences[0].RawPayloadId} holds text that is not valid Unicode",
                e,
                cause: null);
        }

        return true;
    }

    // What an event has shown is linked when all else that the event does is done.
    private void AfterEvent()
    {
        foreach (var observer in afterEvent)
        {
            seen.TellTo(observer);
        }

        seen.Clear();
    }

    private void TakeBack()
    {
        state.Journal.Rollback();
        seen.Clear();
    }

    private void Dispatch(RawEvent raw)
    {
        if (!DispatchConversation(raw) && !DispatchRuntime(raw) && !DispatchRest(raw.Payload))
        {
            throw new InvalidOperationException($"no reduction for {raw.Payload.GetType().Name}");
        }
    }

    // Threads, turns, and what their models are shown and say.
    private bool DispatchConversation(RawEvent raw)
    {
        switch (raw.Payload)
        {
            case RolloutStartedEvent e:
                threads.Start(e);
                break;
            case RolloutEndedEvent e:
                threads.End(raw, e);
                break;
            case ThreadStartedEvent e:
                threads.Start(raw, e);
                break;
            case ThreadEndedEvent e:
                threads.End(raw, e);
                break;
            case CodexTurnStartedEvent e:
                turns.Start(raw, e);
                break;
            case CodexTurnEndedEvent e:
                turns.End(raw, e);
                break;
            case InferenceStartedEvent e:
                inferences.Start(raw, e);
                break;
            case InferenceCompletedEvent e:
                inferences.End(raw, e);
                break;
            case InferenceFailedEvent e:
                inferences.End(raw, e);
                break;
            case InferenceCancelledEvent e:
                inferences.End(raw, e);
                break;
            case CompactionRequestStartedEvent e:
                compactions.StartRequest(raw, e);
                break;
            case CompactionRequestCompletedEvent e:
                compactions.EndRequest(raw, e);
                break;
            case CompactionRequestFailedEvent e:
                compactions.EndRequest(raw, e);
                break;
            case CompactionInstalledEvent e:
                compactions.Install(raw, e);
                break;
            default:
                return false;
        }

        return true;
    }

    // What is done for the model, and between agents.
    private bool DispatchRuntime(RawEvent raw)
    {
        switch (raw.Payload)
        {
            case ToolCallStartedEvent e:
                tools.Start(raw, e);
                break;
            case McpToolCallCorrelationAssignedEvent e:
                tools.Assign(e);
                break;
            case ToolCallRuntimeStartedEvent e:
                tools.StartRuntime(raw, e);
                break;
            case ToolCallRuntimeEndedEvent e:
                tools.EndRuntime(raw, e);
                break;
            case ToolCallEndedEvent e:
                tools.End(raw, e);
                break;
            case CodeCellStartedEvent e:
                cells.Start(raw, e);
                break;
            case CodeCellInitialResponseEvent e:
                cells.Respond(raw, e);
                break;
            case CodeCellEndedEvent e:
                cells.End(raw, e);
                break;
            case AgentResultObservedEvent e:
                agents.ObserveResult(raw, e);
                break;
            case ProtocolEventObservedEvent { EventType: Breadcrumbs.Called } e when raw.Part is not null:
                agents.ObserveCall(raw, e);
                break;
            default:
                return false;
        }

        return true;
    }

    // Evidence only: its payloads are referenced, and the state has no object for it.
    private bool DispatchRest(RawEventPayload payload)
    {
        // What stands for an event of a type that nobody knows was told as that.
        if (payload is OtherEvent e && isAsWritten)
        {
            tolerance.Accept(new Defect
            {
                Severity = DiagnosticSeverity.Information,
                Code = DiagnosticCodes.UnsupportedEvent,
                FaultCode = DiagnosticCodes.UnsupportedEvent,
                What = $"an event of type 'other' and kind '{e.Kind}' has no place in the state",
                Kept = "its payloads are kept as evidence",
                Cause = $"event of kind {e.Kind}",
            });
        }

        return payload is OtherEvent or ProtocolEventObservedEvent;
    }

    private static bool IsSound(RawEventLine line, RawEvent raw)
    {
        if (line.Defect is not null || line.Repairs.Count > 0 || raw.SchemaVersion != BundleLayout.SchemaVersion)
        {
            return false;
        }

        foreach (var reference in raw.Payload.PayloadReferences)
        {
            if (reference.Kind == PayloadKind.Unknown)
            {
                return false;
            }
        }

        return true;
    }

    // False if the line is refused for what is odd about it, which ends a strict reduction.
    private bool TryAccept(RawEventLine line, RawEvent raw)
    {
        try
        {
            LineDefects.Accept(tolerance, line, raw);
            state.Journal.Commit();
            return true;
        }
        catch (ReductionFault fault)
        {
            TakeBack();
            tolerance.Refuse(fault.Code, fault.Message, fault, fault.CauseKey);
            return false;
        }
    }
}
