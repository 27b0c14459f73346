using System.Text.Json;

namespace RolloutTrace.Content;

/// <summary>An entry of a list of content: a message, a part of instructions, a tool.</summary>
internal interface IContentEntry
{
    /// <summary>How many bytes it takes on the wire, about.</summary>
    long WireBytes { get; }

    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="maxText">The most bytes of each of the texts and documents in it.</param>
    void WriteTo(Utf8JsonWriter writer, int maxText);

    /// <summary>The same with less in it, for where even short texts are too many; null if there is no less.</summary>
    IContentEntry? Thinned();
}
