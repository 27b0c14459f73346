using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary><c>anomalies</c>: what went wrong.</summary>
internal sealed class AnomaliesTool() : RolloutTool(
    "anomalies",
    "Find what went wrong",
    "Finds what a person should look at in one rollout: failed and repeated work, calls without an answer, rewritten histories, lost messages, missed caches, processes left behind, evidence that is missing. Each finding has a code, the id of what it is about (for 'explain'), what is wrong, why that matters, and where it is to be seen: numbers of events, paths of payloads.",
    ToolParameter.Rollout,
    Limit,
    ToolParameter.Cursor)
{
    private static readonly ToolParameter Limit = ToolParameter.Limit("findings", 50);

    protected override ToolPage Answer(ToolArguments arguments, ServedRollouts rollouts) => OfOne(arguments, rollouts, Answer);

    private static ToolPage Answer(RolloutQuestion question)
    {
        var (rollout, head, _, _) = question;
        var answer = AnomaliesAnswer.Of(rollout);
        head["status"] = KindName.Of(answer.Status);
        if (answer.StatusEvidence is { } evidence)
        {
            head["status_evidence"] = evidence;
        }

        return question.Page(
            "anomalies",
            answer.Anomalies,
            static anomaly =>
            {
                var written = AnswerNode.Of(anomaly);
                written["evidence"] = AnswerNode.Of(anomaly.Evidence);
                return written;
            },
            Limit);
    }
}
