using System.Globalization;

namespace RolloutTrace.Content;

/// <summary>What is missing of the content of a span, by attribute. Not safe for concurrent use.</summary>
internal sealed class ContentCuts
{
    private readonly SortedDictionary<string, (int Messages, long Bytes)> missing = new(StringComparer.Ordinal);

    /// <summary>Notes what is missing of an attribute's value; of several values of one attribute the last counts.</summary>
    /// <returns>Whether that changes what there is to say.</returns>
    public bool Set(string attribute, int messages, long bytes)
    {
        if (messages <= 0 && bytes <= 0)
        {
            return missing.Remove(attribute);
        }

        missing[attribute] = (messages, Math.Max(bytes, 0));
        return true;
    }

    /// <summary>The value of <see cref="RolloutAttributes.Content.Cut"/>; null if nothing is missing.</summary>
    public string? ToJson() => missing.Count == 0
        ? null
        : $"{{{string.Join(',', missing.Select(static entry => string.Create(CultureInfo.InvariantCulture, $"\"{entry.Key}\":{{\"messages\":{entry.Value.Messages},\"bytes\":{entry.Value.Bytes}}}")))}}}";
}
