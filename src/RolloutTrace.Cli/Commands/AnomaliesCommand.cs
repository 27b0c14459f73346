using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace anomalies</c>: what a person should look at.</summary>
internal sealed class AnomaliesCommand : QueryCommand<AnomaliesAnswer>
{
    private readonly PageOptions page = new("findings of a bundle", isLimited: true);

    public AnomaliesCommand(CommandConsole console)
        : base(console, "anomalies", "Find what went wrong: recordings that were cut, evidence that is missing, what never ended, calls without output and outputs without call, messages that were never delivered, retry storms, calls repeated with the same result, processes left running, clock steps, histories that changed other than by appending or compaction, instructions and tools that changed in mid-conversation, prompt caches that were missed. Each with its id, evidence, and why it matters.")
    {
        AddPathsAndFormat();
        page.AddTo(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace anomalies BUNDLE", "what to look at"),
        ("rollout-trace anomalies rollout-traces --format json", "the same of every bundle, for a program"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "nothing was found"),
        (ExitCodes.Findings, "something was found; it is listed"),
        (ExitCodes.Failure, "at least one bundle could not be read"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    /// <inheritdoc/>
    protected override JsonTypeInfo<BundleAnswers<AnomaliesAnswer>> AnswerType => AnswerJson.Anomalies;

    /// <inheritdoc/>
    protected override AnomaliesAnswer Ask(OpenRollout rollout, ParseResult arguments)
    {
        var answer = AnomaliesAnswer.Of(rollout);
        var anomalies = page.Of(answer.Anomalies, arguments, IsJson(arguments));
        return answer with { Anomalies = anomalies, NextOffset = page.Next(anomalies.Count, answer.Total, arguments) };
    }

    /// <inheritdoc/>
    protected override int ExitCodeOf(AnomaliesAnswer answer) => answer.Total > 0 ? ExitCodes.Findings : ExitCodes.Success;

    /// <inheritdoc/>
    protected override void Show(AnomaliesAnswer answer, OpenRollout rollout, Screen screen, ParseResult arguments)
    {
        if (answer.Total == 0)
        {
            screen.Line(new Segment("nothing found", Emphasis.Good));
            return;
        }

        foreach (var kind in answer.Anomalies.GroupBy(static anomaly => anomaly.Code))
        {
            screen.Line(new Segment($"{kind.Key} ({kind.Count()})", Emphasis.Bad));
            screen.Wrapped($"  why it matters: {AnomalyCodes.WhyItMatters(kind.Key)}", indent: 4, Emphasis.Faint);
            foreach (var anomaly in kind)
            {
                var evidence = anomaly.Evidence.Count == 0 ? "" : $" [{string.Join(", ", anomaly.Evidence)}]";
                screen.Wrapped($"  - {anomaly.Message}{evidence}", indent: 4);
            }
        }

        if (page.Rest(answer.Anomalies.Count, answer.Total, arguments) is { } rest)
        {
            screen.Line(new Segment($"{rest} findings", Emphasis.Faint));
        }

        if (!IsOneOfMany && answer.Anomalies.FirstOrDefault(anomaly => Explanation.Of(rollout, anomaly.Subject).Count > 0) is { } first)
        {
            ShowNext(screen, "explain", ShortId.Of(first.Subject));
        }
    }
}
