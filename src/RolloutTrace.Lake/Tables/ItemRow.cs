using RolloutTrace.Reducer;

namespace RolloutTrace.Lake.Tables;

/// <summary>An item, with what it says.</summary>
internal sealed record ItemRow
{
    public required ConversationItem Item { get; init; }

    /// <summary>The length of what it says in UTF-8.</summary>
    public required long Bytes { get; init; }

    /// <summary>The hash of that in hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>What it says; null unless that was asked for.</summary>
    public required string? Text { get; init; }
}
