using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace inspect</c>: a rollout as a tree.</summary>
internal sealed class InspectCommand : QueryCommand<InspectAnswer>
{
    private readonly Option<string?> thread = new("--thread") { Description = "Only the session of this thread, by its id or its agent's path, such as /root/worker.", HelpName = "THREAD" };
    private readonly Option<string?> turn = new("--turn") { Description = "Only this turn.", HelpName = "ID" };
    private readonly Option<int?> depth = CountOption.Create("--depth", "Only this many levels of the tree. 1: the sessions at the top.");
    private readonly FlagOption failed = new("--failed") { Description = "Only what failed, was cancelled, aborted or left unfinished, and what it is in." };
    private readonly Option<int?> slowest = CountOption.Create("--slowest", "Instead of the tree the N requests, tool calls and cells that took longest.");

    public InspectCommand(CommandConsole console)
        : base(console, "inspect", "Show a rollout as a tree: sessions, turns, requests, the tool calls and code cells that each request asked for, terminal operations, compactions, and agents where they were spawned. Each line has the kind, id (of a UUID its last twelve digits), name, status unless completed (unfinished: the rollout ended, its process died or its recording was cut before it did), duration, tokens, and a preview.")
    {
        AddPathsAndFormat();
        Add(thread);
        Add(turn);
        Add(depth);
        Add(failed);
        Add(slowest);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace inspect BUNDLE", "the whole rollout"),
        ("rollout-trace inspect BUNDLE --depth 2", "sessions and turns only"),
        ("rollout-trace inspect BUNDLE --thread /root/worker --failed", "what went wrong in one agent"),
        ("rollout-trace inspect BUNDLE --slowest 10", "where the time went"),
    ];

    /// <inheritdoc/>
    protected override JsonTypeInfo<BundleAnswers<InspectAnswer>> AnswerType => AnswerJson.Inspect;

    /// <inheritdoc/>
    protected override InspectAnswer Ask(OpenRollout rollout, ParseResult arguments)
    {
        var nodes = RolloutOutline.Of(rollout);
        if (arguments.GetValue(thread) is { } threadName)
        {
            var meant = Finding.Thread(rollout, threadName).ThreadId;
            nodes = OutlineSelection.Find(nodes, node => node.Kind == OutlineKind.Session && node.Id == meant)
                ?? throw QueryException.NoThread(rollout, threadName);
        }

        if (arguments.GetValue(turn) is { } turnId)
        {
            var meant = Finding.Turn(rollout, turnId).CodexTurnId;
            nodes = OutlineSelection.Find(nodes, node => node.Kind == OutlineKind.Turn && node.Id == meant)
                ?? throw new QueryException($"has no turn {turnId}{(arguments.GetValue(thread) is null ? "" : " in that thread")}");
        }

        if (arguments.GetValue(failed))
        {
            nodes = OutlineSelection.Failed(nodes);
        }

        if (arguments.GetValue(slowest) is { } count)
        {
            nodes = OutlineSelection.Slowest(nodes, count);
        }

        return InspectAnswer.Of(rollout, OutlineSelection.ToDepth(nodes, arguments.GetValue(depth) ?? int.MaxValue));
    }

    // What failed is asked about first, and of that what nothing below it explains; what was done before what it is in.
    private static OutlineNode? FirstToExplain(IReadOnlyList<OutlineNode> nodes)
    {
        var all = OutlineSelection.Flatten(nodes).ToList();
        return all.Find(static node => node.IsFailure && !OutlineSelection.Flatten(node.Children).Any(static inner => inner.IsFailure)) ?? all.Find(static node => node.Kind == OutlineKind.ToolCall) ?? all.Find(static node => node.Kind == OutlineKind.Request);
    }

    /// <inheritdoc/>
    protected override void Show(InspectAnswer answer, OpenRollout rollout, Screen screen, ParseResult arguments)
    {
        screen.Line(new Segment($"rollout {answer.RolloutId}", Emphasis.Title));
        screen.Line(
            $"{Wording.Time(answer.StartedAtUnixMs)} UTC  ",
            OutlinePrinter.Status(KindName.Of(answer.Status)),
            answer.DurationMs is { } ms ? $"  {Wording.Duration(ms)}" : rollout.Graph.EndedAtUnixMs is null ? "" : "  ?");
        if (answer.StatusEvidence is { } evidence)
        {
            screen.Wrapped($"  {evidence}", indent: 2, Emphasis.Faint);
        }

        if (answer.Collected is { } hole)
        {
            screen.Wrapped($"  collected; {hole}", indent: 2, Emphasis.Faint);
        }

        screen.Line(
            $"{Wording.Of(answer.Agents, "agent")}, {Wording.Of(answer.Turns, "turn")}, {Wording.Of(answer.Requests, "request")}, ",
            $"{Wording.Of(answer.ToolCalls, "tool call")}, {Wording.Of(answer.CodeCells, "code cell")}, {Wording.Of(answer.Compactions, "compaction")}");
        if (answer.Usage is { } usage)
        {
            screen.Line($"tokens: {Wording.Tokens(usage)}");
        }

        screen.Line();
        OutlinePrinter.Print(answer.Nodes, screen);
        if (FirstToExplain(answer.Nodes) is { } node)
        {
            ShowNext(screen, "explain", ShortId.Of(node.Id));
        }
    }
}
