using System.Runtime.InteropServices;
using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// Reads texts and members of JSON without throwing. A parsed document may still hold strings that are no text, since they are decoded
/// only when someone asks: half of a surrogate pair (<c>"\ud83d"</c>), or bytes that are not UTF-8. Safe for concurrent use.
/// </summary>
public static class JsonText
{
    /// <summary>The text of a string; null for any other value, and for a string that is not valid Unicode.</summary>
    public static string? OrNull(JsonElement value) => Read(value, out var isSound) is { } text && isSound ? text : null;

    /// <summary>The text of a string, in which each character that is not valid Unicode is U+FFFD; null for any other value.</summary>
    /// <param name="value">The value, which may be undefined.</param>
    /// <param name="isSound">False if characters were replaced.</param>
    public static string? Read(JsonElement value, out bool isSound)
    {
        isSound = true;
        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            isSound = false;
            return JsonUnescape.Repair(JsonMarshal.GetRawUtf8Value(value)[1..^1]);
        }
    }

    /// <summary>The name of a member, in which each character that is not valid Unicode is U+FFFD.</summary>
    /// <param name="member">The member.</param>
    /// <param name="isSound">False if characters were replaced.</param>
    public static string Name(JsonProperty member, out bool isSound)
    {
        isSound = true;
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            isSound = false;
            return JsonUnescape.Repair(JsonMarshal.GetRawUtf8PropertyName(member));
        }
    }

    /// <summary>A member of an object, the last of several with the name; undefined if the value is no object or has no such member.</summary>
    public static JsonElement Member(JsonElement parent, string name) => Member(parent, name, out _);

    /// <inheritdoc cref="Member(JsonElement, string)"/>
    /// <param name="parent">The object, or any other value.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="isSound">
    /// False if the object has a name that cannot be decoded and could have been taken for this one: it is as long, and the same up
    /// to its first escape. The member is found all the same.
    /// </param>
    public static JsonElement Member(JsonElement parent, string name, out bool isSound)
    {
        isSound = true;
        if (parent.ValueKind != JsonValueKind.Object)
        {
            return default;
        }

        try
        {
            return parent.TryGetProperty(name, out var value) ? value : default;
        }
        catch (InvalidOperationException)
        {
            isSound = false;
            return Find(parent, name);
        }
    }

    /// <summary>The text of a member; null if it is absent, is no string, or is not valid Unicode.</summary>
    public static string? MemberOrNull(JsonElement parent, string name) => OrNull(Member(parent, name));

    private static JsonElement Find(JsonElement parent, string name)
    {
        JsonElement found = default;
        foreach (var member in parent.EnumerateObject())
        {
            if (Name(member, out _) == name)
            {
                found = member.Value;
            }
        }

        return found;
    }
}
