using System.Text.RegularExpressions;

namespace RolloutTrace.TestSupport;

/// <summary>
/// Replaces what differs from run to run by names in the order of first sight, so that a whole output can be compared:
/// equal ids stay equal, different ones different.
/// </summary>
public sealed partial class StableText
{
    private readonly Dictionary<string, string> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>Names a value beforehand; longer values are replaced first.</summary>
    public StableText With(string value, string name)
    {
        names[value] = name;
        return this;
    }

    /// <summary>The text with the named values and all UUIDs replaced.</summary>
    public string Of(string text)
    {
        foreach (var (value, name) in names.Where(n => !Uuid().IsMatch(n.Key)).OrderByDescending(n => n.Key.Length))
        {
            text = text.Replace(value, name, StringComparison.Ordinal);
        }

        return Uuid().Replace(text, match => NameOf(match.Value, "uuid"));
    }

    /// <summary>The text with the matches of a pattern replaced by numbered names.</summary>
    public string Replace(string text, Regex pattern, string kind) => pattern.Replace(text, match => NameOf(match.Value, kind));

    private string NameOf(string value, string kind)
    {
        if (!names.TryGetValue(value, out var name))
        {
            var number = counts[kind] = counts.GetValueOrDefault(kind) + 1;
            names.Add(value, name = $"{kind}-{number}");
        }

        return name;
    }

    [GeneratedRegex("[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Uuid();
}
