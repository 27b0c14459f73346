using System.Text;

namespace RolloutTrace.Arguments;

/// <summary>
/// Texts as an event's own line has them. Callers, models and providers choose them, so any may be missing, endless or no
/// Unicode; a line stays far below what a reader takes (<see cref="Bundle.BundleReaderOptions.MaxLineBytes"/>). Payloads have the
/// whole of a text where there is one.
/// </summary>
internal static class EventText
{
    /// <summary>Longest free text in an event, in UTF-16 characters, its mark aside: source, error, reason, message.</summary>
    public const int MaxText = 256 << 10;

    /// <summary>Longest name, id or path in an event, in UTF-16 characters, its mark aside.</summary>
    public const int MaxName = 1024;

    /// <summary>Stands for a name that is missing.</summary>
    public const string Unknown = "unknown";

    /// <summary>A free text; an empty one for null.</summary>
    public static string Of(string? text) => text is null ? string.Empty : Cut(text, MaxText);

    /// <summary>Why something failed; the first that is given.</summary>
    public static string Why(string? text, string? otherwise = null) => Cut(text ?? otherwise ?? Unknown, MaxText);

    /// <summary>A name; <see cref="Unknown"/> for null.</summary>
    public static string Name(string? name) => NameOrNull(name) ?? Unknown;

    /// <summary>A name that may be missing.</summary>
    public static string? NameOrNull(string? name) => name is null ? null : Cut(Unicode(name), MaxName);

    /// <summary>An id, as it will be read from the bundle; null for a missing or empty one.</summary>
    public static string? Id(string? id) => string.IsNullOrEmpty(id) ? null : NameOrNull(id);

    private static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var kept = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return $"{text.AsSpan(0, kept)}...[{text.Length - kept} more characters]";
    }

    // The log has a replacement character for each lone surrogate. Ids that differ in those only would be the same id there.
    private static string Unicode(string name)
    {
        if (!name.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
        {
            return name;
        }

        var start = name.AsSpan(0, Math.Min(name.Length, 2 * MaxName));
        var sound = new StringBuilder(start.Length);
        foreach (var rune in start.EnumerateRunes())
        {
            sound.Append(rune.ToString());
        }

        return sound.Append(name.AsSpan(start.Length)).ToString();
    }
}
