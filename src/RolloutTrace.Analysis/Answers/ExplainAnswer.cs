namespace RolloutTrace.Analysis.Answers;

/// <summary>What <c>explain</c> says of an id. In JSON <c>explanations</c>.</summary>
public sealed record ExplainAnswer
{
    /// <summary>One for each thing that has the id; empty if nothing has.</summary>
    public required IReadOnlyList<Explanation> Explanations { get; init; }

    /// <summary>Explains an id.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="id">Any id, or a part of one, as <see cref="Explanation.Of"/> takes it.</param>
    public static ExplainAnswer Of(OpenRollout rollout, string id) => new() { Explanations = Explanation.Of(rollout, id) };
}
