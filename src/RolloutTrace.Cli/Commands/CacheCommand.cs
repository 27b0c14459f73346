using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace cache</c>: why the provider's prompt cache was missed.</summary>
internal sealed class CacheCommand : QueryCommand<CacheAnswer>
{
    private readonly Option<TimeSpan?> timeToLive = DurationOption.Create(
        "--ttl", "How long the provider keeps a prompt that nobody asks for, such as 300s, 5m or 1h.", RolloutCache.DefaultTimeToLive);

    private readonly PageOptions page = new("requests of a bundle (for people: of those that missed the cache)", isLimited: true);

    public CacheCommand(CommandConsole console)
        : base(console, "cache", "Tell why the provider's prompt cache was missed: each request of which clearly less was cached than it shares with the one before, the first place where the two differ, what stood there and stands there, and the tokens that it cost. If nothing differs, whether the pause was too long.")
    {
        AddPathsAndFormat();
        Add(timeToLive);
        page.AddTo(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace cache BUNDLE", "which requests missed the cache, and why"),
        ("rollout-trace cache BUNDLE --ttl 1h", "of a provider that keeps prompts for an hour"),
        ("rollout-trace cache rollout-traces --format json", "every request of every bundle, for a program"),
    ];

    /// <inheritdoc/>
    protected override JsonTypeInfo<BundleAnswers<CacheAnswer>> AnswerType => AnswerJson.Cache;

    /// <inheritdoc/>
    protected override CacheAnswer Ask(OpenRollout rollout, ParseResult arguments)
    {
        var answer = CacheAnswer.Of(rollout, arguments.GetValue(timeToLive) ?? RolloutCache.DefaultTimeToLive);
        if (!IsJson(arguments))
        {
            return answer;
        }

        var requests = page.Of(answer.Requests, arguments, isJson: true);
        return answer with { Requests = requests, NextOffset = page.Next(requests.Count, answer.Total, arguments) };
    }

    /// <inheritdoc/>
    protected override void Show(CacheAnswer answer, OpenRollout rollout, Screen screen, ParseResult arguments)
    {
        if (answer.Requests.Count == 0)
        {
            screen.Line("no request says how many tokens it used");
            return;
        }

        var missed = answer.Requests.Where(static request => request.Miss is not null).ToList();
        var rate = answer.InputTokens == 0 ? 0 : 100 * answer.CachedInputTokens / answer.InputTokens;
        screen.Line(new Segment(
            $"{Wording.Of(answer.Requests.Count, "request")}, {Wording.Count(answer.InputTokens)} tokens in, {Wording.Count(answer.CachedInputTokens)} cached ({rate} %)",
            Emphasis.Title));
        if (missed.Count == 0)
        {
            screen.Line(new Segment("no request is known to have missed the cache", Emphasis.Good));
            return;
        }

        screen.Line(new Segment(
            $"{Wording.Of(missed.Count, "request")} missed the cache; about {Wording.Count(answer.MissedTokens)} tokens were read anew",
            Emphasis.Bad));
        screen.Line();
        screen.Line(new Segment($"{"REQUEST",-14}{"IN",10}{"CACHED",10}{"EXPECTED",10}{"MISSED",10}  CAUSE", Emphasis.Faint));
        var shown = page.Of(missed, arguments, isJson: false);
        foreach (var request in shown)
        {
            var miss = request.Miss!;
            screen.Line(
                ShortId.Of(request.InferenceCallId).PadRight(14),
                $"{Wording.Count(request.InputTokens),10}{Wording.Count(request.CachedInputTokens),10}{Wording.Count(miss.ExpectedTokens),10}",
                new Segment($"{Wording.Count(miss.MissedTokens),10}", Emphasis.Bad),
                $"  {KindName.Of(miss.Cause)}");
            screen.Wrapped($"  {miss.Reason}", indent: 4);
        }

        if (page.Rest(shown.Count, missed.Count, arguments) is { } rest)
        {
            screen.Line(new Segment($"{rest} requests that missed the cache", Emphasis.Faint));
        }

        if (shown.Count > 0)
        {
            ShowNext(screen, "transcript", "--at", ShortId.Of(shown[0].InferenceCallId), "--new");
        }
    }
}
