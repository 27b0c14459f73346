using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Scrubbing;

/// <summary>
/// A place in a document, and what is known of it: which members it can have that are structure. Of anything that no place is
/// known for, all is content.
/// </summary>
internal sealed class Place
{
    /// <summary>Nothing is known.</summary>
    public static Place Content { get; } = new();

    /// <summary>An id, a type, a status, or a name that stays.</summary>
    public static Place Structure { get; } = new() { IsStructure = true };

    /// <summary>Whether a text here stays.</summary>
    public bool IsStructure { get; private init; }

    /// <summary>Whether the reducer knows a value here by the beginning of its JSON. A text is one such value if it is JSON.</summary>
    public Func<JsonElement, bool> IsSummarized { get; init; } = static _ => false;

    /// <summary>What is known of a member of an object here.</summary>
    public Func<JsonElement, string, Place> Member { get; init; } = static (_, _) => Content;

    /// <summary>What is known of a list's entries here.</summary>
    public Place? Entries { get; init; }

    /// <summary>What is written of a whole document in its place; undefined where that is the document itself.</summary>
    public Func<JsonElement, JsonElement> Whole { get; init; } = static _ => default;

    /// <summary>What is known of the JSON that a text here holds.</summary>
    public Place? InText { get; init; }

    /// <summary>A member with the names given is structure.</summary>
    public static Place WithMembers(string names, Func<JsonElement, string, Place>? others = null)
    {
        var structure = names.Split(' ').ToHashSet(StringComparer.Ordinal);
        return new Place { Member = (parent, name) => structure.Contains(name) ? Structure : others?.Invoke(parent, name) ?? Content };
    }

    /// <summary>A list of such.</summary>
    public static Place ListOf(Place entries) => new() { Entries = entries };

    /// <summary>A place of which several things are known: what one of them says is structure is structure.</summary>
    public static Place Either(Place a, Place b) => ReferenceEquals(a, b) || b == Content ? a : a == Content ? b : new Place
    {
        IsStructure = a.IsStructure || b.IsStructure,
        IsSummarized = value => a.IsSummarized(value) || b.IsSummarized(value),
        Member = (parent, name) => Either(a.Member(parent, name), b.Member(parent, name)),
        Whole = a == Content ? b.Whole : a.Whole,
        Entries = Either(a.Entries ?? Content, b.Entries ?? Content),
        InText = a.InText is null ? b.InText : b.InText is null ? a.InText : Either(a.InText, b.InText),
    };

    /// <summary>A member's value; undefined where there is none, or where a name that is no text is in the way, at which the reducer gives up.</summary>
    public static JsonElement Peek(JsonElement parent, string member)
    {
        var value = JsonText.Member(parent, member, out var isSound);
        return isSound ? value : default;
    }
}
