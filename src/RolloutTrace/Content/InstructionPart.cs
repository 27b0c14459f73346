using System.Text.Json;

namespace RolloutTrace.Content;

/// <summary>A part of instructions.</summary>
internal sealed class InstructionPart(GenAIPart part) : IContentEntry
{
    private readonly GenAIPart part = part;

    public long WireBytes => part.WireBytes;

    public void WriteTo(Utf8JsonWriter writer, int maxText) => part.WriteTo(writer, maxText);

    public IContentEntry? Thinned() => null;
}
