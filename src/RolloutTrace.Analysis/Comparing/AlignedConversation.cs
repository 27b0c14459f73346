using System.Text.RegularExpressions;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>
/// All that an agent's conversation had in each of two runs, side by side: what says the same stands beside what it says the same as, and
/// what one run has more stands alone.
/// </summary>
public sealed record AlignedConversation
{
    /// <summary>The agent's path in the first run; null where only the second has it.</summary>
    public required string? AgentPathA { get; init; }

    /// <summary>The agent's path in the second run; null where only the first has it.</summary>
    public required string? AgentPathB { get; init; }

    /// <summary>The items in their order.</summary>
    public required IReadOnlyList<AlignedPair> Items { get; init; }

    /// <summary>Whether the conversations differ in so many places that only what is alike at the beginning and at the end is aligned.</summary>
    public required bool GaveUp { get; init; }

    /// <summary>Aligns the conversations of two runs, an agent's with that of the agent that stands for it; parents come before their children.</summary>
    /// <param name="a">The first run.</param>
    /// <param name="b">The second run.</param>
    /// <param name="options">What is volatile; null for the defaults.</param>
    public static IReadOnlyList<AlignedConversation> Of(OpenRollout a, OpenRollout b, ComparisonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        IReadOnlyList<Regex> patterns = options?.Volatile ?? [];
        var conversations = new ConversationPairs(new RunSide(a, patterns), new RunSide(b, patterns), [.. patterns.Select(static pattern => pattern.ToString())]);
        return [.. ThreadPairs.Of(a.Graph, b.Graph).Select(conversations.Of)];
    }
}
