using System.Text.Json.Nodes;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary><c>context</c>: what fills a model's context.</summary>
internal sealed class ContextTool() : RolloutTool(
    "context",
    "Take the context apart",
    "Says what fills a model's context at one request, largest first (instructions, tool_definitions, user, assistant, reasoning, the outputs of each tool, agents, summary), with bytes, share and estimated tokens; and how the context grew over the requests of that thread, with the compactions in between.",
    ToolParameter.Rollout,
    Request,
    Thread,
    Limit,
    ToolParameter.Cursor)
{
    private static readonly ToolParameter Request = ToolParameter.Text("request", "The request, by its id or its response's; also of a compaction's. Default: the thread's last.");
    private static readonly ToolParameter Thread = ToolParameter.Text("thread", "The thread whose last request is meant, by its id or its agent's path. Default: the root's. Not with 'request'.");
    private static readonly ToolParameter Limit = ToolParameter.Limit("requests in 'growth'", 50);

    protected override ToolPage Answer(ToolArguments arguments, ServedRollouts rollouts)
    {
        if (arguments.Text(Request) is not null && arguments.Text(Thread) is not null)
        {
            throw new QueryException("'request' names a request, which is of one thread: leave out 'thread'");
        }

        return OfOne(arguments, rollouts, Answer);
    }

    private static ToolPage Answer(RolloutQuestion question)
    {
        var (rollout, head, arguments, _) = question;
        var answer = AnswerOf(rollout, arguments);
        head["thread_id"] = answer.ThreadId;
        head["agent"] = rollout.Index.AgentOf(answer.ThreadId);
        if ((answer.InferenceCallId ?? answer.CompactionRequestId) is { } requestId)
        {
            head["request"] = requestId;
            head["bytes"] = answer.Bytes;
        }
        else
        {
            head["note"] = "of no request of this thread it is known what it showed";
        }

        if (answer.InputTokens is { } tokens)
        {
            head["input_tokens"] = tokens;
        }

        head["origins"] = new JsonArray([.. answer.Origins.Select(AnswerNode.Of)]);
        return question.Page("growth", answer.Growth, AnswerNode.Of, Limit);
    }

    private static ContextAnswer AnswerOf(OpenRollout rollout, ToolArguments arguments)
    {
        if (arguments.Text(Request) is not { } requestId)
        {
            return ContextAnswer.OfLast(rollout, Finding.Thread(rollout, arguments.Text(Thread) ?? rollout.Graph.RootThreadId));
        }

        var (request, compaction) = Finding.Request(rollout, requestId);
        return request is not null ? ContextAnswer.Of(rollout, request) : ContextAnswer.Of(rollout, compaction!);
    }
}
