using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Agents;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Runtime;

namespace RolloutTrace.Reducer.Replay;

/// <summary>Applies raw events one by one, each whole or not at all, and hands each to the reduction whose concern it is.</summary>
internal sealed class RolloutReplay : IDiagnosticSink
{
    private readonly string logFile;
    private readonly bool strict;
    private readonly ReplayState state;
    private readonly PayloadReader payloads;
    private readonly ThreadReduction threads;
    private readonly TurnReduction turns;
    private readonly InferenceReduction inferences;
    private readonly ToolCallReduction tools;
    private readonly CodeCellReduction cells;
    private readonly CompactionReduction compactions;
    private readonly AgentToolReduction agents;
    private readonly AgentEdges edges;
    private readonly List<ReductionDiagnostic> diagnostics = [];
    private RawEventLine current;

    public RolloutReplay(BundleReader bundle, bool strict)
    {
        logFile = bundle.EventLogName;
        this.strict = strict;
        state = new ReplayState(bundle.Manifest, tolerant: !strict);
        payloads = new PayloadReader(bundle);
        var normalizer = new ItemNormalizer(this);
        var sightings = new ItemSightings(state, this);
        var toolLinks = new ToolCallLinks(state);
        cells = new CodeCellReduction(state);
        edges = new AgentEdges(state);
        sightings.Observers = [toolLinks, cells, edges];

        var requests = new RequestReduction(state, payloads, normalizer, sightings, toolLinks);
        threads = new ThreadReduction(state, payloads);
        inferences = new InferenceReduction(state, payloads, normalizer, sightings, requests, toolLinks, cells);
        turns = new TurnReduction(state, inferences, cells);
        agents = new AgentToolReduction(state, payloads, edges);
        tools = new ToolCallReduction(state, payloads, toolLinks, new TerminalReduction(state, payloads), cells, agents);
        compactions = new CompactionReduction(state, payloads, normalizer, sightings, cells);
    }

    public bool IsTolerant => !strict;

    public IReadOnlyList<ReductionDiagnostic> Diagnostics => diagnostics;

    /// <summary>Applies the event on a line, or says why not.</summary>
    /// <exception cref="ReductionException">The line cannot be applied, and replay is strict.</exception>
    public void Apply(RawEventLine line, PrefetchedPayload? payload)
    {
        current = line;
        payloads.MoveTo(payload);
        if (line.Event is not { } raw)
        {
            Refuse(DiagnosticCodes.UnreadableEvent, line.Defect!.Text, cause: null);
            return;
        }

        foreach (var reference in raw.Payload.PayloadReferences)
        {
            state.RawPayloads[reference.RawPayloadId] = reference;
        }

        var noted = diagnostics.Count;
        try
        {
            Dispatch(raw);
            state.Journal.Commit();
        }
        catch (ReductionFault fault)
        {
            TakeBack(noted);
            Refuse(fault.Code, fault.Message, fault);
        }
        catch (InvalidOperationException e) when (e.Source?.StartsWith("System.Text.Json", StringComparison.Ordinal) == true)
        {
            // JSON text is only decoded when it is asked for; half a surrogate pair is found nowhere before.
            TakeBack(noted);
            Refuse(DiagnosticCodes.UnusablePayload, $"payload {raw.Payload.PayloadReferences[0].RawPayloadId} holds text that is not valid Unicode", e);
        }
    }

    /// <summary>The state at the end of the log.</summary>
    public RolloutGraph Finish()
    {
        payloads.MoveTo(null);
        edges.Finish();
        state.Journal.Commit();
        return state.ToGraph(diagnostics);
    }

    public void Note(DiagnosticSeverity severity, string code, string message) => diagnostics.Add(Diagnostic(severity, code, message));

    private void Dispatch(RawEvent raw)
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
            case AgentResultObservedEvent e:
                agents.ObserveResult(raw, e);
                break;
            case ProtocolEventObservedEvent:
                break; // Evidence only: its payload is referenced, and the state has no object for it.
            case OtherEvent e:
                throw ReductionFault.Unsupported($"an event of type 'other' and kind '{e.Kind}' has no place in the state");
            default:
                throw new InvalidOperationException($"no reduction for {raw.Payload.GetType().Name}");
        }
    }

    private void TakeBack(int noted)
    {
        state.Journal.Rollback();
        diagnostics.RemoveRange(noted, diagnostics.Count - noted);
    }

    private void Refuse(string code, string message, Exception? cause)
    {
        var diagnostic = Diagnostic(DiagnosticSeverity.Error, code, message);
        if (strict)
        {
            throw new ReductionException(logFile, diagnostic, cause);
        }

        diagnostics.Add(diagnostic);
    }

    private ReductionDiagnostic Diagnostic(DiagnosticSeverity severity, string code, string message) => new()
    {
        Severity = severity,
        Code = code,
        Message = message,
        Seq = current.Event?.Seq,
        Line = current.LineNumber,
    };
}
