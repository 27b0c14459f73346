using RolloutTrace.Fleet;

namespace RolloutTrace.Cli;

/// <summary>Tells people what is wrong while a worker works, and counts.</summary>
internal sealed class ToldWork(CommandConsole console, IWorkListener next) : IWorkListener
{
    private int done;
    private int failed;
    private int dead;
    private long rows;
    private string? trouble;

    /// <summary>What was done so far, in words.</summary>
    public string Summary =>
        $"{Wording.Of(done, "rollout")} with {Wording.Of(rows, "row")}{(failed > 0 ? $", {Wording.Count(failed)} failed" : "")}{(dead > 0 ? $", {Wording.Of(dead, "dead letter")}" : "")}";

    public void OnTried(WorkOutcome outcome, TimeSpan took)
    {
        next.OnTried(outcome, took);
        if (outcome.Kind != WorkOutcomeKind.Done)
        {
            failed++;
            console.Tell($"error: {outcome.Detail}");
            return;
        }

        trouble = null;
        done++;
        rows += outcome.Rows;
        if (outcome.Defects > 0)
        {
            console.TellOfDefects(outcome.Key, outcome.Defects);
        }
    }

    public void OnDead(string? key, string reason, string detail)
    {
        next.OnDead(key, reason, detail);
        dead++;
        console.Tell($"dead letter ({reason}): {key ?? (detail.Length <= 200 ? detail : detail[..200] + "…")}");
    }

    public void OnTrouble(string problem)
    {
        next.OnTrouble(problem);

        // Said once, as long as it is the same.
        if (problem != trouble)
        {
            trouble = problem;
            console.Tell($"error: {problem}; going on");
        }
    }
}
