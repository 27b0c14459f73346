using RolloutTrace.Analysis.Explaining;
using RolloutTrace.Analysis.Subjects;

namespace RolloutTrace.Analysis;

/// <summary>Why something is there, and what came of it.</summary>
public sealed record Explanation
{
    /// <summary>The id explained.</summary>
    public required string Id { get; init; }

    /// <summary>What it is, such as <c>tool_call</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// First the causes, from the user's input on; then the thing itself; then what came of it.
    /// </summary>
    public required IReadOnlyList<ExplanationStep> Steps { get; init; }

    /// <summary>Explains an id.</summary>
    /// <param name="rollout">
    /// The rollout. Its bundle serves for spans that the state does not name: those of runtimes, and in a bundle without spans those that
    /// <see cref="RolloutSpans"/> makes.
    /// </param>
    /// <param name="id">
    /// Any id: of a thread (or its agent path), turn, request, response, tool call, call, MCP call, item, cell, terminal, operation,
    /// compaction, edge or span; or a part of one that no other id has. A span may be named with its trace, as
    /// <c>{trace id}-{span id}</c>. The word for a kind, such as <c>compaction</c>, means the one that there is of it.
    /// </param>
    /// <returns>One explanation for each thing that has the id; none if nothing has.</returns>
    public static IReadOnlyList<Explanation> Of(OpenRollout rollout, string id)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentException.ThrowIfNullOrEmpty(id);
        var scope = new SubjectScope(rollout);
        var spanId = SpanSubjects.SpanIdOf(id);
        var found = SubjectFinder.Find(scope, spanId ?? id);
        return [.. (found.Count > 0 || spanId is null || rollout.Bundle is null ? found : SpanSubjects.Find(rollout, scope, spanId)).Select(Explainer.Explain)];
    }

    /// <summary>What a part of an id may mean that more than one id contains, and which is therefore not explained; at most as many as asked for.</summary>
    public static IReadOnlyList<ExplanationCandidate> Candidates(OpenRollout rollout, string part, int most)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(part);
        return [.. SubjectFinder.NamesWith(new SubjectScope(rollout), part).Take(most)];
    }
}
