using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// One item that a model was shown or gave, read from any dialect. It says what is there and what is wrong with it, and decides nothing.
/// It belongs to the <see cref="WireItems"/> that it was read into, and refers to the document it was read from: it is valid until
/// the one is cleared or the other disposed of.
/// </summary>
public sealed class WireItem
{
    private WirePart[] parts = [];
    private int partCount;
    private JsonElement name;

    internal WireItem()
    {
    }

    /// <summary>What it is.</summary>
    public WireItemKind Kind { get; private set; }

    /// <summary>The entry that it was read from, or the part of it that became this item.</summary>
    public JsonElement Source { get; private set; }

    /// <summary>
    /// Of a message, the role: <c>system</c>, <c>developer</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>; another word if that is
    /// what stands there, with a defect; null if there is none.
    /// </summary>
    public string? Role { get; internal set; }

    /// <summary>Of a message, its channel: <c>commentary</c>, <c>final</c> or <c>summary</c>; null if it says none that is known.</summary>
    public string? Channel { get; internal set; }

    /// <summary>Of a call or an output, the id by which they belong together; null if it has none.</summary>
    public string? CallId { get; internal set; }

    /// <summary>Of a call, the name of what is called; of an output, where the dialect gives it. Null if there is none.</summary>
    public string? Name => JsonText.OrNull(name);

    /// <summary>
    /// Whether it is a call or an output in an API that gives them no ids, or that left it out: outputs belong to the calls of the same
    /// <see cref="Name"/>, in order.
    /// </summary>
    public bool IsLinkedByName { get; internal set; }

    /// <summary>Of an agent's message, the path of its author; null with a defect.</summary>
    public string? Author { get; internal set; }

    /// <summary>Of an agent's message, the path of its recipient; null with a defect.</summary>
    public string? Recipient { get; internal set; }

    /// <summary>Of a call, what it was given, and of an output, what it gave, as it stands on the wire. Undefined if it is absent.</summary>
    public JsonElement Content { get; internal set; }

    /// <summary>What it says, part by part.</summary>
    public ReadOnlySpan<WirePart> Parts => parts.AsSpan(0, partCount);

    /// <summary>The first thing that is wrong with it or with one of its parts; null if nothing is.</summary>
    public WireDefect? Defect { get; private set; }

    internal void Reset(WireItemKind kind, JsonElement source)
    {
        Kind = kind;
        Source = source;
        Role = null;
        Channel = null;
        CallId = null;
        IsLinkedByName = false;
        name = default;
        Author = null;
        Recipient = null;
        Content = default;
        Defect = null;
        Array.Clear(parts, 0, partCount);
        partCount = 0;
    }

    internal void Named(JsonElement value) => name = value;

    internal void Add(in WirePart part)
    {
        if (partCount == parts.Length)
        {
            var larger = new WirePart[Math.Max(4, 2 * parts.Length)];
            Array.Copy(parts, larger, partCount);
            parts = larger;
        }

        parts[partCount++] = part;
        if (part.Defect is not null)
        {
            Note(part.Defect);
        }
    }

    // A short form is the least that can be wrong.
    internal void Note(WireDefect defect)
    {
        if (Defect is null || (Defect.IsShortForm && !defect.IsShortForm))
        {
            Defect = defect;
        }
    }

    /// <summary>A member of something in this item; what is wrong on the way is a defect of the item.</summary>
    internal JsonElement Member(JsonElement parent, string member)
    {
        var value = JsonText.Member(parent, member, out var isSound);
        if (!isSound)
        {
            Note(WireDefect.InvalidText);
        }

        return value;
    }

    /// <summary>The text of a member; null if it is absent or no string. Text that is not valid is a defect of the item.</summary>
    internal string? Text(JsonElement parent, string member)
    {
        var text = JsonText.Read(Member(parent, member), out var isSound);
        if (!isSound)
        {
            Note(WireDefect.InvalidText);
        }

        return text;
    }
}
