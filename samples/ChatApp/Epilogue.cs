using RolloutTrace.Bundle;
using RolloutTrace.Recorder;
using RolloutTrace.Reducer;
using RolloutTrace.Samples;

namespace ChatApp;

/// <summary>What there is after a run: a bundle for each conversation, and what one can ask of them.</summary>
internal static class Epilogue
{
    private static string Root =>
        Path.GetFullPath(Environment.GetEnvironmentVariable(RolloutTracingOptions.RootVariable) is { Length: > 0 } root ? root : RolloutTracingOptions.DefaultRoot);

    public static HashSet<string> BundlesThere() => Directory.Exists(Root) ? [.. Directory.EnumerateDirectories(Root).Where(BundleReader.IsBundle)] : [];

    public static void Write(HashSet<string> before, TextWriter output)
    {
        var rollouts = BundlesThere().Except(before).Select(bundle => (Bundle: bundle, RolloutReducer.Reduce(bundle).Graph)).OrderByDescending(rollout => rollout.Graph.ToolCalls.Count).ToList();
        output.WriteLine();
        if (rollouts.Count == 0)
        {
            output.WriteLine($"Nothing was recorded{(Environment.GetEnvironmentVariable(RolloutTracingOptions.DisabledVariable) is { Length: > 0 } ? $": {RolloutTracingOptions.DisabledVariable} is set" : "")}.");
            return;
        }

        output.WriteLine($"Each conversation is a rollout in {Root}:");
        foreach (var (_, graph) in rollouts)
        {
            output.WriteLine($"  turns: {graph.CodexTurns.Count}, agents: {graph.Threads.Count}, model requests: {graph.InferenceCalls.Count}, tool calls: {graph.ToolCalls.Count}");
        }

        output.WriteLine();
        var (first, rollout) = rollouts[0];
        List<(string Question, string?[] Words)> questions = [("What happened, and when?", ["inspect", null])];
        if (rollout.Threads.Values.FirstOrDefault(thread => thread.ThreadId != rollout.RootThreadId) is { } agent)
        {
            questions.Add(("Why was the botanist asked, and what came of it?", ["explain", null, agent.AgentPath]));
        }

        questions.Add(("What did the guide's model see?", ["transcript", null]));
        questions.Add(("What fills its context?", ["context", null]));
        questions.Add(("All of it as a page for the browser.", ["view", null, "-o", "rollout.html"]));
        foreach (var line in WhatToAsk.Lines(first, questions))
        {
            output.WriteLine(line);
        }
    }
}
