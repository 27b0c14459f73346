namespace RolloutTrace.Import.Claude;

/// <summary>Which call brought a helper about.</summary>
internal static class ClaudeCauses
{
    /// <summary>Finds them for the threads of a session.</summary>
    public static void Find(IReadOnlyList<ClaudeThread> threads)
    {
        var calls = threads
            .SelectMany(static thread => thread.Lines, static (thread, line) => (thread, line))
            .SelectMany(static entry => entry.line.Calls, static (entry, call) => new Candidate(entry.thread, entry.line, call))
            .OrderBy(static candidate => candidate.Line.Order)
            .ToList();
        var helperOf = threads
            .SelectMany(static thread => thread.Lines)
            .Where(static line => line.HelperId is not null)
            .SelectMany(static line => line.Results, static (line, result) => (result.CallId, line.HelperId))
            .DistinctBy(static entry => entry.CallId, StringComparer.Ordinal)
            .ToDictionary(static entry => entry.CallId, static entry => entry.HelperId!, StringComparer.Ordinal);
        var taken = new HashSet<Candidate>();
        var helpers = threads.Where(static thread => thread.IsHelper).ToList();

        // What the log says comes before what the words tell, and that before what only the order tells.
        foreach (var helper in helpers)
        {
            Take(helper, calls.Where(call => helperOf.GetValueOrDefault(call.Call.Use.CallId) == helper.Key), all: true);
        }

        foreach (var helper in helpers)
        {
            var prompt = helper.Lines.Find(static line => line.Kind == ClaudeLineKind.Prompt)?.Text;
            Take(helper, Free(helper).Where(call => call.Call.Prompt == prompt), all: false);
        }

        foreach (var helper in helpers)
        {
            Take(helper, Free(helper).Where(call => !helperOf.ContainsKey(call.Call.Use.CallId)), all: false);
        }

        void Take(ClaudeThread helper, IEnumerable<Candidate> candidates, bool all)
        {
            if (helper.Causes.Count == 0)
            {
                foreach (var candidate in candidates.Where(candidate => candidate.Thread != helper).Take(all ? int.MaxValue : 1).ToList())
                {
                    taken.Add(candidate);
                    helper.Causes.Add((candidate.Thread, candidate.Call));
                }
            }
        }

        IEnumerable<Candidate> Free(ClaudeThread helper) =>
            calls.Where(call => call.Call.Prompt is not null && !taken.Contains(call) && call.Line.Order < helper.Lines[0].Order);
    }

    private sealed record Candidate(ClaudeThread Thread, ClaudeLine Line, ClaudeCall Call);
}
