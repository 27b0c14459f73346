using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Replay;

/// <summary>The state while it is being built: the tables that become a <see cref="RolloutGraph"/>, all of one journal.</summary>
internal sealed class ReplayState
{
    private readonly BundleManifest manifest;

    public ReplayState(BundleManifest manifest)
    {
        this.manifest = manifest;
        TraceId = new(Journal, manifest.TraceId);
        RootThreadId = new(Journal, manifest.RootThreadId);
        Status = new(Journal, RolloutStatus.Running);
        EndedAtUnixMs = new(Journal, null);
        LastItemNumber = new(Journal, 0);
        LastOperationNumber = new(Journal, 0);
        Threads = new(Journal, StringComparer.Ordinal);
        Turns = new(Journal, StringComparer.Ordinal);
        Items = new(Journal, StringComparer.Ordinal);
        Inferences = new(Journal, StringComparer.Ordinal);
        Cells = new(Journal, StringComparer.Ordinal);
        Tools = new(Journal, StringComparer.Ordinal);
        TerminalSessions = new(Journal, StringComparer.Ordinal);
        TerminalOperations = new(Journal, StringComparer.Ordinal);
        Compactions = new(Journal, StringComparer.Ordinal);
        CompactionRequests = new(Journal, StringComparer.Ordinal);
        Edges = new(Journal, StringComparer.Ordinal);
        UnknownRequests = new(Journal, StringComparer.Ordinal);
        UnknownResponses = new(Journal, StringComparer.Ordinal);
        OwnPaths = new JournaledTable<string, string>(Journal, StringComparer.Ordinal);
        GuessedThreads = new(Journal, StringComparer.Ordinal);
        GuessedTurns = new(Journal, StringComparer.Ordinal);
        LastTurns = new(Journal, StringComparer.Ordinal);
        ReusedCallIds = new(Journal);
        Replaced = new(Journal, StringComparer.Ordinal);
        InferencesByResponse = new(Journal);
        ToolsByModelCall = new(Journal, StringComparer.Ordinal);
    }

    public Journal Journal { get; } = new();

    /// <summary>Memory for the long texts that it has in the end.</summary>
    public TextMemory Texts { get; } = new();

    public JournaledCell<string> TraceId { get; }

    public JournaledCell<string> RootThreadId { get; }

    public JournaledCell<RolloutStatus> Status { get; }

    public JournaledCell<long?> EndedAtUnixMs { get; }

    public JournaledCell<int> LastItemNumber { get; }

    public JournaledCell<int> LastOperationNumber { get; }

    public JournaledTable<string, AgentThread> Threads { get; }

    public JournaledTable<string, CodexTurn> Turns { get; }

    public JournaledTable<string, ConversationItem> Items { get; }

    public JournaledTable<string, InferenceCall> Inferences { get; }

    public JournaledTable<string, RecordedCodeCell> Cells { get; }

    public JournaledTable<string, RecordedToolCall> Tools { get; }

    public JournaledTable<string, TerminalSession> TerminalSessions { get; }

    public JournaledTable<string, TerminalOperation> TerminalOperations { get; }

    public JournaledTable<string, RecordedCompaction> Compactions { get; }

    public JournaledTable<string, RecordedCompactionRequest> CompactionRequests { get; }

    public JournaledTable<string, InteractionEdge> Edges { get; }

    /// <summary>The inference calls of which it is not known what the model was shown, with the cause.</summary>
    public JournaledTable<string, string> UnknownRequests { get; }

    /// <summary>The inference calls of which it is not known what the model answered, with the cause.</summary>
    public JournaledTable<string, string> UnknownResponses { get; }

    /// <summary>In a joined bundle: the paths of threads in their own process, by which agents of one process address each other.</summary>
    public JournaledTable<string, string> OwnPaths { get; }

    /// <summary>The threads that exist because something named them; their start has not been seen.</summary>
    public JournaledTable<string, string> GuessedThreads { get; }

    /// <summary>The turns that exist because something named them; their start has not been seen.</summary>
    public JournaledTable<string, string> GuessedTurns { get; }

    /// <summary>The turn of each thread that has started last.</summary>
    public JournaledTable<string, string> LastTurns { get; }

    /// <summary>The call ids of a thread that stand for several calls or outputs.</summary>
    public JournaledTable<ThreadLocalId, string> ReusedCallIds { get; }

    /// <summary>By the item that took its place in the history: the item of the same call id that stood there before.</summary>
    public JournaledTable<string, string> Replaced { get; }

    /// <summary>The inference calls of a thread whose response has an id.</summary>
    public JournaledTable<ThreadLocalId, IdList> InferencesByResponse { get; }

    /// <summary>The tool call with a model-visible call id.</summary>
    public JournaledTable<string, string> ToolsByModelCall { get; }

    /// <summary>Not journaled: what an event names is evidence even if the event itself is left out.</summary>
    public Dictionary<string, PayloadReference> RawPayloads { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>The tables as a graph. They are empty then.</summary>
    public RolloutGraph ToGraph(IReadOnlyList<ReductionDiagnostic> diagnostics) => new()
    {
        TraceId = TraceId.Value,
        RolloutId = manifest.RolloutId,
        StartedAtUnixMs = manifest.StartedAtUnixMs,
        EndedAtUnixMs = EndedAtUnixMs.Value,
        Status = Status.Value,
        RootThreadId = RootThreadId.Value,
        Threads = Ordered(Threads, static thread => thread.ThreadId),
        CodexTurns = Ordered(Turns, static turn => turn.CodexTurnId),
        ConversationItems = Ordered(Items, static item => item.ItemId),
        InferenceCalls = Ordered(Inferences, static call => call.InferenceCallId),
        CodeCells = Ordered(Cells, static cell => cell.CodeCellId),
        ToolCalls = Ordered(Tools, static tool => tool.ToolCallId),
        TerminalSessions = Ordered(TerminalSessions, static session => session.TerminalId),
        TerminalOperations = Ordered(TerminalOperations, static operation => operation.OperationId),
        Compactions = Ordered(Compactions, static compaction => compaction.CompactionId),
        CompactionRequests = Ordered(CompactionRequests, static request => request.CompactionRequestId),
        InteractionEdges = Ordered(Edges, static edge => edge.EdgeId),
        RawPayloads = Ordered(TakeRawPayloads(), static payload => payload.RawPayloadId),
        Diagnostics = diagnostics.Count == 0 ? null : diagnostics,
    };

    /// <summary>The path by which a thread is addressed; null for one that is not known.</summary>
    public string? AddressOf(string threadId) => OwnPaths.Find(threadId) ?? Threads.Find(threadId)?.AgentPath;

    private PayloadReference[] TakeRawPayloads()
    {
        var all = RawPayloads.Values.ToArray();
        RawPayloads = new(StringComparer.Ordinal);
        return all;
    }

    private static Dictionary<string, T> Ordered<T>(JournaledTable<string, T> table, Func<T, string> id)
        where T : class => Ordered(table.Take(), id);

    private static Dictionary<string, T> Ordered<T>(T[] sorted, Func<T, string> id)
    {
        Array.Sort(Array.ConvertAll(sorted, value => id(value)), sorted, StringComparer.Ordinal);
        var ordered = new Dictionary<string, T>(sorted.Length, StringComparer.Ordinal);
        foreach (var value in sorted)
        {
            ordered.Add(id(value), value);
        }

        return ordered;
    }
}
