namespace RolloutTrace.Analysis.Answers;

/// <summary>What <c>explain</c> says of ids. In JSON <c>explanations</c> and <c>unknown</c>.</summary>
public sealed record ExplainAnswer
{
    private const int MostCandidates = 6;
    private const int MostOfKind = 21;

    /// <summary>One for each thing that has one of the ids, in their order; empty if nothing has.</summary>
    public required IReadOnlyList<Explanation> Explanations { get; init; }

    /// <summary>The ids that mean nothing here, or more than one thing.</summary>
    public required IReadOnlyList<UnknownId> Unknown { get; init; }

    /// <summary>Explains ids.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="ids">Any ids, or parts of them, as <see cref="Explanation.Of"/> takes them.</param>
    public static ExplainAnswer Of(OpenRollout rollout, params IReadOnlyList<string> ids)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(ids);
        var explanations = new List<Explanation>();
        var unknown = new List<UnknownId>();
        foreach (var id in ids)
        {
            var found = Explanation.Of(rollout, id);
            explanations.AddRange(found);
            if (found.Count == 0)
            {
                var candidates = Explanation.Candidates(rollout, id, MostOfKind);
                unknown.Add(new UnknownId(id, candidates.All(candidate => candidate.Kind == id) ? candidates : [.. candidates.Take(MostCandidates)]));
            }
        }

        return new ExplainAnswer { Explanations = explanations, Unknown = unknown };
    }
}
