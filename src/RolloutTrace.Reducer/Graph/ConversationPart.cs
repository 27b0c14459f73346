using System.Text.Json.Serialization;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer;

/// <summary>A part of what a conversation item says.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TextPart), "text")]
[JsonDerivedType(typeof(SummaryPart), "summary")]
[JsonDerivedType(typeof(EncodedPart), "encoded")]
[JsonDerivedType(typeof(JsonPart), "json")]
[JsonDerivedType(typeof(CodePart), "code")]
[JsonDerivedType(typeof(PayloadReferencePart), "payload_ref")]
public abstract record ConversationPart
{
    private protected ConversationPart()
    {
    }
}

/// <summary>Plain text.</summary>
public sealed record TextPart : ConversationPart
{
    /// <summary>The text.</summary>
    public required string Text { get => Stored.ToString(); init => Stored = StoredText.Of(value); }

    /// <summary><see cref="Text"/> as it is kept.</summary>
    internal StoredText Stored { get; init; } = StoredText.Empty;
}

/// <summary>A summary of reasoning.</summary>
public sealed record SummaryPart : ConversationPart
{
    /// <summary>The text.</summary>
    public required string Text { get => Stored.ToString(); init => Stored = StoredText.Of(value); }

    /// <summary><see cref="Text"/> as it is kept.</summary>
    internal StoredText Stored { get; init; } = StoredText.Empty;
}

/// <summary>Something that only the provider can read.</summary>
public sealed record EncodedPart : ConversationPart
{
    /// <summary>The member it comes from, such as <c>encrypted_content</c>.</summary>
    public required string Label { get; init; }

    /// <summary>The opaque value.</summary>
    public required string Value { get => Stored.ToString(); init => Stored = StoredText.Of(value); }

    /// <summary><see cref="Value"/> as it is kept.</summary>
    internal StoredText Stored { get; init; } = StoredText.Empty;
}

/// <summary>A JSON value, shown by its beginning; the whole is in the payload.</summary>
public sealed record JsonPart : ConversationPart
{
    /// <summary>The value as compact JSON, cut at 240 bytes and then marked by <c>...</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>The payload that holds the value.</summary>
    public required string RawPayloadId { get; init; }

    /// <summary>
    /// What a part says on the wire in the form of <see cref="Summary"/>, whole: without white space, the last of several members with one name, numbers as
    /// written, strings escaped as little as JSON allows.
    /// </summary>
    /// <param name="part">The part from which a JSON part was made.</param>
    /// <returns>Null if it is no JSON, or a string or a name in it is not valid Unicode.</returns>
    public static string? WholeOf(WirePart part) => ItemNormalizer.WholeJson(part);
}

/// <summary>Source code.</summary>
public sealed record CodePart : ConversationPart
{
    /// <summary>Its language.</summary>
    public required string Language { get; init; }

    /// <summary>The code.</summary>
    public required string Source { get => Stored.ToString(); init => Stored = StoredText.Of(value); }

    /// <summary><see cref="Source"/> as it is kept.</summary>
    internal StoredText Stored { get; init; } = StoredText.Empty;
}

/// <summary>Something that is shown only as a reference to the payload that holds it, such as an image.</summary>
public sealed record PayloadReferencePart : ConversationPart
{
    /// <summary>What it is.</summary>
    public required string Label { get; init; }

    /// <summary>The payload that holds it.</summary>
    public required string RawPayloadId { get; init; }
}
