using RolloutTrace.Bundle;

namespace RolloutTrace.Joining;

/// <summary>By what a bundle can belong to others.</summary>
public sealed record JoinLinks
{
    /// <summary>Its rollout; of a joined one those of all that it was joined of.</summary>
    public required IReadOnlyList<string> RolloutIds { get; init; }

    /// <summary>Who is said to have called it, or one of its turns.</summary>
    public required IReadOnlyList<CallerReference> Callers { get; init; }

    /// <summary>The spans by which others can name it as their caller: trace id and span id, with a hyphen between.</summary>
    public required IReadOnlyCollection<string> Spans { get; init; }
}
