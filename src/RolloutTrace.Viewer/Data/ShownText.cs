using System.Globalization;

namespace RolloutTrace.Viewer.Data;

/// <summary>What a page has of a text. A longer one would be more than a browser can hold of a document, and is cut; its end says so.</summary>
internal static class ShownText
{
    /// <summary>The most characters of a text.</summary>
    public const int Most = 1 << 24;

    /// <summary>The text, or as much of it as is shown.</summary>
    public static string Of(string text) => text.Length <= Most ? text : string.Concat(text.AsSpan(0, Place(text)), NoteOf(text.Length - Place(text), "characters"));

    /// <summary>What stands behind the shown part of a text.</summary>
    /// <param name="left">How much is left out.</param>
    /// <param name="unit">Of what.</param>
    public static string NoteOf(long left, string unit) => string.Create(CultureInfo.InvariantCulture, $"\n[{left:#,0} more {unit} are in the bundle, and not on this page]");

    // Never between the halves of a character.
    private static int Place(string text) => char.IsHighSurrogate(text[Most - 1]) ? Most - 1 : Most;
}
