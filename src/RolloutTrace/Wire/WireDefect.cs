namespace RolloutTrace.Wire;

/// <summary>
/// What is wrong with an item, a part or a response, as a value. It takes no side: whether to refuse the whole or to go on with what is
/// there is its reader's decision.
/// </summary>
public sealed record WireDefect
{
    /// <summary>What is wrong.</summary>
    public required WireDefectKind Kind { get; init; }

    /// <summary>What has the defect, with its article: <c>a reasoning item</c>. Empty for invalid text.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The member where it is; null where the defect is in no one member.</summary>
    public string? Member { get; init; }

    /// <summary>The word that is unknown, as it stood on the wire; null if there was none, or if it does not matter.</summary>
    public string? Word { get; init; }

    /// <summary>
    /// Whether it is only a form that the API has and Codex does not take, such as a message without its <c>type</c>, or an item of a tool
    /// that Codex does not have. What is read is whole then; it is a defect to readers that take what Codex takes alone.
    /// </summary>
    public bool IsShortForm { get; init; }

    internal static WireDefect InvalidText { get; } = new() { Kind = WireDefectKind.InvalidText };

    /// <summary>A clause that says what is wrong and in which payload.</summary>
    /// <param name="payloadId">The id of the payload.</param>
    public string Describe(string payloadId) => Kind switch
    {
        WireDefectKind.InvalidText => $"payload {payloadId} holds text that is not valid Unicode",
        WireDefectKind.MissingText => $"{Subject} in payload {payloadId} has no string '{Member}'",
        WireDefectKind.MissingList => $"{Subject} in payload {payloadId} has no list '{Member}'",
        WireDefectKind.NotAList => $"{Subject} in payload {payloadId} has a '{Member}' that is no list",
        WireDefectKind.Empty => $"{Subject} in payload {payloadId} has no {Member}",
        WireDefectKind.UnknownItemType => $"payload {payloadId} holds {Subject} of the unknown type '{Word}'",
        WireDefectKind.UnknownRole => $"{Subject} in payload {payloadId} has the unknown role '{Word}'",
        WireDefectKind.UnknownPartType when Word is null => $"{Subject} in payload {payloadId} has {Member} of an unknown type",
        WireDefectKind.UnknownPartType => $"{Subject} in payload {payloadId} has {Member} of the unknown type '{Word}'",
        _ => throw new InvalidOperationException($"unknown defect {Kind}"),
    };
}
