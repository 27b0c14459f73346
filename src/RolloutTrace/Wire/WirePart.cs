using System.Runtime.InteropServices;
using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>A part of a <see cref="WireItem"/>. It refers to the document it was read from, and is valid as long as that is.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct WirePart
{
    internal WirePart(WirePartKind kind, JsonElement value, JsonElement source = default, string? label = null, WireDefect? defect = null)
    {
        Kind = kind;
        Value = value;
        Source = source.ValueKind == JsonValueKind.Undefined ? value : source;
        Label = label;
        Defect = defect;
    }

    /// <summary>What it is.</summary>
    public WirePartKind Kind { get; }

    /// <summary>What it says; of which kind of JSON depends on <see cref="Kind"/>. Undefined where it says nothing by itself.</summary>
    public JsonElement Value { get; }

    /// <summary>
    /// The part as it stands on the wire; the same as <see cref="Value"/> where nothing stands around it. Undefined where no part stands
    /// there, and a reference says so.
    /// </summary>
    public JsonElement Source { get; }

    /// <summary>What an encoded part is called, what a reference refers to, the language of code; null for other kinds.</summary>
    public string? Label { get; }

    /// <summary>What is wrong with it; null if nothing is. Half a surrogate pair in <see cref="Value"/> is found when its text is read.</summary>
    public WireDefect? Defect { get; }
}
