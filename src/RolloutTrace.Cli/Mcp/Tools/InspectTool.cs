using System.Text.Json.Nodes;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary><c>inspect</c>: a rollout as a tree.</summary>
internal sealed class InspectTool() : RolloutTool(
    "inspect",
    "Inspect a rollout",
    "Shows one rollout as a tree, with ids for the other tools: sessions (agents), their turns, requests to the model, the tool calls and code cells that each request asked for, terminal operations, compactions, and agents where they were spawned. Nodes come in order, each with its 'level' in the tree (0 at the top), kind, id, name, status, duration, tokens, a preview and, of what failed, the error. Begin with depth=2, or with failed=true or slowest=10.",
    ToolParameter.Rollout,
    Thread,
    Turn,
    Depth,
    Failed,
    Slowest,
    Limit,
    ToolParameter.Cursor)
{
    private static readonly ToolParameter Thread = ToolParameter.Text("thread", "Only the session of this agent, by its thread id or its path, such as /root/worker.");
    private static readonly ToolParameter Turn = ToolParameter.Text("turn", "Only this turn, by its id.");
    private static readonly ToolParameter Depth = ToolParameter.Number("depth", "Only this many levels of the tree: 1 has the sessions, 2 their turns too. Default: all.", 1, 1000, 1000);
    private static readonly ToolParameter Failed = ToolParameter.Flag("failed", "Only what failed, was cancelled, aborted or left unfinished, and what it is in.");
    private static readonly ToolParameter Slowest = ToolParameter.Number("slowest", "Instead of the tree, so many of the requests, tool calls and cells that took longest.", 1, 1000, 0);
    private static readonly ToolParameter Limit = ToolParameter.Limit("nodes", 100);

    protected override ToolPage Answer(ToolArguments arguments, ServedRollouts rollouts) => OfOne(arguments, rollouts, Answer);

    private static ToolPage Answer(RolloutQuestion question)
    {
        var (rollout, head, arguments, _) = question;
        var nodes = RolloutOutline.Of(rollout);
        if (arguments.Text(Thread) is { } threadName)
        {
            var meant = Finding.Thread(rollout, threadName).ThreadId;
            nodes = OutlineSelection.Find(nodes, node => node.Kind == OutlineKind.Session && node.Id == meant) ?? throw QueryException.NoThread(rollout, threadName);
        }

        if (arguments.Text(Turn) is { } turnId)
        {
            var meant = Finding.Turn(rollout, turnId).CodexTurnId;
            nodes = OutlineSelection.Find(nodes, node => node.Kind == OutlineKind.Turn && node.Id == meant)
                ?? throw new QueryException($"has no turn {turnId}{(arguments.Has(Thread) ? " in that thread" : "")}");
        }

        nodes = arguments.Flag(Failed) ? OutlineSelection.Failed(nodes) : nodes;
        nodes = arguments.Has(Slowest) ? OutlineSelection.Slowest(nodes, arguments.Number(Slowest)) : nodes;
        foreach (var (name, value) in AnswerNode.Of(InspectAnswer.Of(rollout, [])).ToList())
        {
            if (name != "nodes")
            {
                head[name] = value?.DeepClone();
            }
        }

        return question.Page("nodes", [.. Levels(nodes, arguments.Number(Depth))], Written, Limit);
    }

    private static IEnumerable<(OutlineNode Node, int Level)> Levels(IReadOnlyList<OutlineNode> nodes, int depth)
    {
        var pending = new Stack<(OutlineNode Node, int Level)>(nodes.Reverse().Select(static node => (node, 0)));
        while (pending.TryPop(out var next))
        {
            yield return next;
            for (var i = next.Node.Children.Count - 1; i >= 0 && next.Level + 1 < depth; i--)
            {
                pending.Push((next.Node.Children[i], next.Level + 1));
            }
        }
    }

    private static JsonObject Written((OutlineNode Node, int Level) place)
    {
        var node = AnswerNode.Of(place.Node with { Children = [] });
        node.Remove("children");
        node.Remove("started_seq");
        if (!place.Node.IsFailure)
        {
            node.Remove("is_failure");
        }

        if (!place.Node.IsDurationUnknown)
        {
            node.Remove("is_duration_unknown");
        }

        node.Insert(0, "level", place.Level);
        return node;
    }
}
