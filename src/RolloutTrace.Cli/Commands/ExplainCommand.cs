using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace explain</c>: why something is there, and what came of it.</summary>
internal sealed class ExplainCommand : QueryCommand<ExplainAnswer>
{
    private const int MostNamed = 5;

    private readonly Argument<string> id = new("id")
    {
        Description = "The id of a tool call, call, request, response, item, cell, terminal, operation, turn, thread, agent, compaction, edge or span, or a part of one that no other id has.",
    };

    public ExplainCommand(CommandConsole console)
        : base(console, "explain", "Answer why something happened: the chain of causes from the user's input to the thing with an id, and what came of it, a step a line, each with its evidence.", takesOnePath: true)
    {
        AddPathsAndFormat();
        Add(id);
        id.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value.Length: 0 }])
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
    ];

    /// <inheritdoc/>
    protected override JsonTypeInfo<BundleAnswers<ExplainAnswer>> AnswerType => AnswerJson.Explain;

    /// <inheritdoc/>
    protected override ExplainAnswer Ask(OpenRollout rollout, ParseResult arguments)
    {
        var wanted = arguments.GetRequiredValue(id);
        var answer = ExplainAnswer.Of(rollout, wanted);
        return answer.Explanations.Count > 0
            ? answer
            : throw new QueryException($"{WhyNone(rollout, wanted)}");
    }

    private static string WhyNone(OpenRollout rollout, string wanted)
    {
        var ids = Explanation.IdsWith(rollout, wanted, MostNamed + 1);
        return ids.Count == 0 ? $"nothing has the id {wanted}, nor an id that contains it"
            : $"more than one id contains {wanted}: {string.Join(", ", ids.Take(MostNamed))}{(ids.Count > MostNamed ? ", and more" : "")}";
    }

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
    }
}
