using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace explain</c>: why something is there, and what came of it.</summary>
internal sealed class ExplainCommand : QueryCommand<ExplainAnswer>
{
    private const int MostNamed = 5;
    private const int MostOfKind = 20;

    private readonly Argument<string[]> ids = new("id")
    {
        Description = "Ids of tool calls, calls, requests, responses, items, cells, terminals, operations, turns, threads, agents, compactions, edges or spans, or parts of them that no other id has; or the word for a kind of which there is one, such as compaction.",
        Arity = ArgumentArity.OneOrMore,
    };

    // Of what was asked for, what a bundle of this run knows, and what is said of the rest.
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public ExplainCommand(CommandConsole console)
        : base(console, "explain", "Answer why something happened: the chain of causes from the user's input to the thing with an id, and what came of it, a step a line, each with its evidence. Of several bundles those answer that know an id.", takesOnePath: true)
    {
        AddPathsAndFormat();
        Add(ids);
        ids.Validators.Add(static result =>
        {
            if (result.Tokens.Any(static token => token.Value.Length == 0))
            {
                result.AddError("The id is empty.");
            }
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace explain BUNDLE call_7", "which request made this call, what it did, who saw the output"),
        ("rollout-trace explain BUNDLE conversation_item:12", "where this text came from"),
        ("rollout-trace explain BUNDLE /root/worker", "which call spawned, messaged or closed this agent"),
        ("rollout-trace explain BUNDLE compaction", "what the compaction threw away, or which ones there are"),
        ("rollout-trace explain rollout-traces call_7 call_8", "two calls, in whichever rollouts have them"),
    ];

    /// <inheritdoc/>
    protected override JsonTypeInfo<BundleAnswers<ExplainAnswer>> AnswerType => AnswerJson.Explain;

    /// <inheritdoc/>
    public override IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "each id is known to a bundle"),
        (ExitCodes.Failure, "an id is known to none, or a bundle could not be read"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    /// <inheritdoc/>
    protected override ExplainAnswer Ask(OpenRollout rollout, ParseResult arguments)
    {
        var wanted = arguments.GetRequiredValue(ids);
        var answer = ExplainAnswer.Of(rollout, wanted);
        known.UnionWith(wanted.Except(answer.Unknown.Select(static unknown => unknown.Id), StringComparer.Ordinal));
        return answer.Explanations.Count > 0 || IsOneOfMany
            ? answer
            : throw new QueryException(string.Join("; ", answer.Unknown.Select(WhyNone)));
    }

    /// <inheritdoc/>
    protected override bool IsWorthShowing(ExplainAnswer answer) => answer.Explanations.Count > 0;

    /// <inheritdoc/>
    protected override int Finish(int exitCode, ParseResult arguments, bool isJson)
    {
        var unknown = arguments.GetRequiredValue(ids).Where(id => !known.Contains(id)).Distinct(StringComparer.Ordinal).ToList();
        if (IsOneOfMany && !isJson)
        {
            unknown.ForEach(id => Console.Tell($"error: none of the bundles has the id {id}, or it means more than one thing in those that do"));
        }

        return unknown.Count > 0 ? ExitCodes.Failure : exitCode;
    }

    // What was explained, if it is a request; else the request that it came from, or else that came of it.
    private static string? RequestOf(ExplainAnswer answer, OpenRollout rollout)
    {
        var steps = answer.Explanations.Count > 0 ? answer.Explanations[0].Steps : [];
        var before = steps.TakeWhile(static step => step.Role != ExplanationRole.Effect).Reverse();
        return before.Concat(steps).Select(static step => step.Id).FirstOrDefault(id => id is not null && rollout.Graph.InferenceCalls.ContainsKey(id));
    }

    /// <summary>Why an id means nothing, or more than one thing, in words.</summary>
    internal static string WhyNone(UnknownId unknown) => unknown.Candidates.Count == 0
        ? $"nothing has the id {unknown.Id}, nor an id that contains it"
        : unknown.Candidates.All(candidate => candidate.Kind == unknown.Id)
        ? $"there are several of that kind, {unknown.Id.Replace('_', ' ')}: {string.Join(", ", unknown.Candidates.Take(MostOfKind).Select(static candidate => candidate.Id))}{(unknown.Candidates.Count > MostOfKind ? ", and more" : "")}"
        : $"more than one id contains {unknown.Id}: {string.Join(", ", unknown.Candidates.Take(MostNamed).Select(static candidate => $"{candidate.Id} ({candidate.Kind.Replace('_', ' ')})"))}{(unknown.Candidates.Count > MostNamed ? ", and more" : "")}";

    /// <inheritdoc/>
    protected override void Show(ExplainAnswer answer, OpenRollout rollout, Screen screen, ParseResult arguments)
    {
        foreach (var explanation in answer.Explanations)
        {
            foreach (var step in explanation.Steps)
            {
                var (mark, emphasis) = step.Role switch
                {
                    ExplanationRole.Cause => ("  ", Emphasis.None),
                    ExplanationRole.Subject => ("* ", Emphasis.Title),
                    _ => ("  -> ", Emphasis.None),
                };
                var evidence = step.Evidence.Count == 0 ? "" : $" [{string.Join(", ", step.Evidence)}]";
                screen.Wrapped($"{mark}{step.Text}{evidence}", indent: 8, emphasis);
            }
        }

        if (RequestOf(answer, rollout) is { } request)
        {
            ShowNext(screen, "transcript", "--at", ShortId.Of(request), "--new");
        }

        // Of one bundle it is said here; of many, when all were asked.
        if (!IsOneOfMany && answer.Unknown.Count > 0)
        {
            Console.Out.Flush();
            Console.Tell($"error: {string.Join("; ", answer.Unknown.Select(WhyNone))}");
        }
    }
}
