namespace RolloutTrace.Replay.Requests;

/// <summary>What a request gave a model, in one form for all APIs. Immutable.</summary>
internal sealed record RequestShape
{
    /// <summary>The model that is asked; null if the request does not say.</summary>
    public required string? Model { get; init; }

    /// <summary>The instructions: those beside the list, and the system's messages that it begins with.</summary>
    public required CanonicalText Instructions { get; init; }

    /// <summary>The system's messages that the list begins with, which are part of the instructions.</summary>
    public required IReadOnlyList<string> Leading { get; init; }

    /// <summary>The items behind those, those of a response that is continued included.</summary>
    public required IReadOnlyList<CanonicalText> Items { get; init; }

    /// <summary>The tools by their names, in order.</summary>
    public required IReadOnlyList<KeyValuePair<string, CanonicalText>> Tools { get; init; }

    /// <summary>Whether its API asks for a limit of the answer's tokens, so that clients make one up where nobody gave one.</summary>
    public required bool NeedsLimit { get; init; }

    /// <summary>The parameters that mean the same in all APIs.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>One key for all items.</summary>
    public required UInt128 ItemsKey { get; init; }

    /// <summary>How many items two requests begin with that are the same.</summary>
    public int InCommon(RequestShape other)
    {
        var most = Math.Min(Items.Count, other.Items.Count);
        var common = 0;
        while (common < most && Items[common].IsSame(other.Items[common]))
        {
            common++;
        }

        return common;
    }
}
