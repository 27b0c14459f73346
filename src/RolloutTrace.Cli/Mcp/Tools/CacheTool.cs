using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary><c>cache</c>: why the provider's prompt cache was missed.</summary>
internal sealed class CacheTool() : RolloutTool(
    "cache",
    "Explain cache misses",
    "Tells why the provider's prompt cache was missed in one rollout: each request of which clearly less was cached than it shares with the one before, the cause (model, instructions, tool, parameter, compaction, item, expired, unexplained), the first place where the two differ with what stood and stands there, and the tokens that it cost.",
    ToolParameter.Rollout,
    TimeToLive,
    All,
    Limit,
    ToolParameter.Cursor)
{
    private static readonly ToolParameter TimeToLive = ToolParameter.Number(
        "ttl_seconds", $"How long the provider keeps a prompt that nobody asks for. Default: {(int)RolloutCache.DefaultTimeToLive.TotalSeconds}.", 1, 1_000_000, (int)RolloutCache.DefaultTimeToLive.TotalSeconds);

    private static readonly ToolParameter All = ToolParameter.Flag("all", "Also the requests that missed nothing.");
    private static readonly ToolParameter Limit = ToolParameter.Limit("requests", 30);

    protected override ToolPage Answer(ToolArguments arguments, ServedRollouts rollouts) => OfOne(arguments, rollouts, Answer);

    private static ToolPage Answer(RolloutQuestion question)
    {
        var (rollout, head, arguments, _) = question;
        var answer = CacheAnswer.Of(rollout, TimeSpan.FromSeconds(arguments.Number(TimeToLive)));
        head["input_tokens"] = answer.InputTokens;
        head["cached_input_tokens"] = answer.CachedInputTokens;
        head["missed_tokens"] = answer.MissedTokens;
        head["requests_with_tokens"] = answer.Requests.Count;
        return question.Page("requests", [.. answer.Requests.Where(request => request.Miss is not null || arguments.Flag(All))], AnswerNode.Of, Limit);
    }
}
