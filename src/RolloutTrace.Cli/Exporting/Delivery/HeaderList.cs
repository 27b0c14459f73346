using System.Buffers;

namespace RolloutTrace.Cli;

/// <summary>Headers as OTLP's settings have them: <c>name=value</c>, of the environment a list with commas between and percent signs for what is special.</summary>
internal static class HeaderList
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Headers of an environment variable; null if one of them is none.</summary>
    public static List<KeyValuePair<string, string>>? ReadList(string text)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Read(entry) is not { } header || !IsValue(Uri.UnescapeDataString(header.Value)))
            {
                return null;
            }

            headers.Add(new(header.Key, Uri.UnescapeDataString(header.Value)));
        }

        return headers;
    }

    /// <summary>One header; null if it is none.</summary>
    public static KeyValuePair<string, string>? Read(string text)
    {
        if (text.IndexOf('=', StringComparison.Ordinal) is var end and > 0 && text[..end].Trim() is { Length: > 0 } name && !name.AsSpan().ContainsAnyExcept(NameCharacters) && IsValue(text[(end + 1)..]))
        {
            return new(name, text[(end + 1)..].Trim());
        }

        return null;
    }

    /// <summary>Both; a name of the first is not looked up in the second.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Merge(IReadOnlyList<KeyValuePair<string, string>> first, IReadOnlyList<KeyValuePair<string, string>> second) =>
    [
        .. first,
        .. second.Where(header => !first.Any(own => string.Equals(own.Key, header.Key, StringComparison.OrdinalIgnoreCase))),
    ];

    // What would end the header, and what no server reads alike.
    private static bool IsValue(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
