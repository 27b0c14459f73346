using System.Text.Json.Nodes;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary><c>explain</c>: why something is there, and what came of it.</summary>
internal sealed class ExplainTool() : RolloutTool(
    "explain",
    "Explain an id",
    "Answers why something in a rollout happened and what came of it: the causes from the user's words on (role 'cause'), the thing itself ('subject'), and what followed ('effect'), a step each, with the id to ask about next and where it is to be seen. Takes the id of a tool call, call, request, response, conversation item, code cell, terminal, terminal operation, turn, thread, agent (its path), compaction, edge between agents, or span.",
    ToolParameter.Rollout,
    Id,
    Limit,
    ToolParameter.Cursor)
{
    private static readonly ToolParameter Id = ToolParameter.Text("id", "The id, or a part of it that no other id has, or the word for a kind of which there is one, such as compaction; of several it lists them.") with { IsRequired = true };
    private static readonly ToolParameter Limit = ToolParameter.Limit("steps", 50);

    protected override ToolPage Answer(ToolArguments arguments, ServedRollouts rollouts) => OfOne(arguments, rollouts, Answer);

    private static ToolPage Answer(RolloutQuestion question)
    {
        var (rollout, _, arguments, _) = question;
        var answer = ExplainAnswer.Of(rollout, arguments.Text(Id)!);
        if (answer.Unknown is [var unknown, ..])
        {
            throw new QueryException(ExplainCommand.WhyNone(unknown));
        }

        var steps = answer.Explanations.SelectMany(static explanation => explanation.Steps.Select(step => (explanation, step))).ToList();
        return question.Page("steps", steps, place => Written(place.explanation, place.step, answer.Explanations.Count > 1), Limit);
    }

    private static JsonObject Written(Explanation explanation, ExplanationStep step, bool isOneOfMany)
    {
        var written = AnswerNode.Of(step);
        written["evidence"] = AnswerNode.Of(step.Evidence);
        if (isOneOfMany)
        {
            written.Insert(0, "of", $"{explanation.Kind} {explanation.Id}");
        }

        return written;
    }
}
