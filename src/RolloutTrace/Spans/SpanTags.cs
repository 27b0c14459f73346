using System.Diagnostics;

namespace RolloutTrace.Spans;

/// <summary>Attributes as spans take them: none that has nothing to say, and none that is longer than a back end likes.</summary>
internal static class SpanTags
{
    /// <summary>Longest value of an attribute that a model or a provider may choose, in characters.</summary>
    private const int MaxLength = 256;

    /// <summary>The most values of an attribute that is a list.</summary>
    private const int MaxValues = 128;

    public static readonly object True = true;
    public static readonly object False = false;

    public static void Add(this List<KeyValuePair<string, object?>> tags, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            tags.Add(new KeyValuePair<string, object?>(name, Cut(value)));
        }
    }

    public static void Set(this Activity activity, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            activity.SetTag(name, Cut(value));
        }
    }

    /// <summary>A copy with the first values, each cut, and an empty one for null.</summary>
    public static string[] Cut(string[] values) =>
        Array.ConvertAll(values.Length <= MaxValues ? values : values[..MaxValues], static value => Cut(value ?? string.Empty));

    public static string Cut(string value)
    {
        if (value.Length <= MaxLength)
        {
            return value;
        }

        var length = char.IsHighSurrogate(value[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return string.Concat(value.AsSpan(0, length), "...");
    }
}
