using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Subjects;

/// <summary>A kind of thing in a state, with the table of the state that has them.</summary>
internal abstract class SubjectKind
{
    private SubjectKind(string name) => Name = name;

    public static SubjectKind Thread { get; } = Of("thread", static graph => graph.Threads, static (scope, found) => new ThreadSubject(scope, found));

    public static SubjectKind Turn { get; } = Of("turn", static graph => graph.CodexTurns, static (scope, found) => new TurnSubject(scope, found));

    public static SubjectKind Request { get; } = Of("request", static graph => graph.InferenceCalls, static (scope, found) => new RequestSubject(scope, found));

    public static SubjectKind ToolCall { get; } = Of("tool_call", static graph => graph.ToolCalls, static (scope, found) => new ToolCallSubject(scope, found));

    public static SubjectKind CodeCell { get; } = Of("code_cell", static graph => graph.CodeCells, static (scope, found) => new CodeCellSubject(scope, found));

    public static SubjectKind Item { get; } = Of("item", static graph => graph.ConversationItems, static (scope, found) => new ItemSubject(scope, found));

    public static SubjectKind Terminal { get; } = Of("terminal", static graph => graph.TerminalSessions, static (scope, found) => new TerminalSubject(scope, found));

    public static SubjectKind TerminalOperation { get; } = Of("terminal_operation", static graph => graph.TerminalOperations, static (scope, found) => new TerminalOperationSubject(scope, found));

    public static SubjectKind Compaction { get; } = Of("compaction", static graph => graph.Compactions, static (scope, found) => new CompactionSubject(scope, found));

    public static SubjectKind CompactionRequest { get; } = Of("compaction_request", static graph => graph.CompactionRequests, static (scope, found) => new CompactionRequestSubject(scope, found));

    public static SubjectKind Edge { get; } = Of("edge", static graph => graph.InteractionEdges, static (scope, found) => new EdgeSubject(scope, found));

    /// <summary>All kinds, in the order in which names are looked for.</summary>
    public static IReadOnlyList<SubjectKind> All { get; } =
        [Thread, Turn, Request, ToolCall, CodeCell, Item, Terminal, TerminalOperation, Compaction, CompactionRequest, Edge];

    /// <summary>What the kind is called in answers, such as <c>tool_call</c>.</summary>
    public string Name { get; }

    /// <summary>The type of the objects in the state.</summary>
    public abstract Type ObjectType { get; }

    /// <summary>All of them, in the order of the state.</summary>
    public abstract IEnumerable<Subject> In(SubjectScope scope);

    /// <summary>The one with an id; null if there is none.</summary>
    public abstract Subject? Find(SubjectScope scope, string id);

    /// <summary>The one with an id that the state itself names.</summary>
    /// <exception cref="KeyNotFoundException">The state is damaged: it names what it does not have.</exception>
    public Subject Get(SubjectScope scope, string id) => Find(scope, id) ?? throw new KeyNotFoundException($"the state names the {Name} {id} and has none of that id");

    private static SubjectKind Of<T>(string name, Func<RolloutGraph, IReadOnlyDictionary<string, T>> table, Func<SubjectScope, T, Subject> make) =>
        new InTable<T>(name, table, make);

    private sealed class InTable<T>(string name, Func<RolloutGraph, IReadOnlyDictionary<string, T>> table, Func<SubjectScope, T, Subject> make) : SubjectKind(name)
    {
        public override Type ObjectType => typeof(T);

        public override IEnumerable<Subject> In(SubjectScope scope) => table(scope.Graph).Values.Select(found => make(scope, found));

        public override Subject? Find(SubjectScope scope, string id) => table(scope.Graph).TryGetValue(id, out var found) ? make(scope, found) : null;
    }
}
