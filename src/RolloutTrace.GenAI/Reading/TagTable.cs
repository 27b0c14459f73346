using System.Globalization;
using System.Text.Json;

namespace RolloutTrace.GenAI.Reading;

/// <summary>Attributes by name: of several with one name the last counts. Immutable.</summary>
internal sealed class TagTable
{
    private readonly Dictionary<string, object?> values;
    private readonly HashSet<string> translated = [];

    public TagTable(IReadOnlyList<SpanTag> tags, IReadOnlyList<SpanTag>? further = null)
    {
        values = new Dictionary<string, object?>(tags.Count, StringComparer.Ordinal);
        foreach (var tag in further ?? [])
        {
            values[tag.Name] = tag.Value;
        }

        foreach (var tag in tags)
        {
            values[tag.Name] = tag.Value;
        }
    }

    /// <summary>The names and values, in the order in which the names first came, as the span has them.</summary>
    public IEnumerable<KeyValuePair<string, object?>> All => translated.Count == 0 ? values : values.Where(value => !translated.Contains(value.Key));

    /// <summary>The same attributes, and beside them what they say in other names. Where a name is there already, that counts.</summary>
    public TagTable With(IReadOnlyList<SpanTag> others)
    {
        var with = new TagTable([.. values.Select(static value => new SpanTag(value.Key, value.Value))]);
        with.translated.UnionWith(translated);
        foreach (var tag in others)
        {
            if (tag.Value is not null && with.values.TryAdd(tag.Name, tag.Value))
            {
                with.translated.Add(tag.Name);
            }
        }

        return with;
    }

    public bool Has(string name) => values.TryGetValue(name, out var value) && value is not null;

    /// <summary>Whether any name begins so.</summary>
    public bool HasPrefix(string prefix)
    {
        foreach (var name in values.Keys)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text of the first of the names that has one which is not empty.</summary>
    public string? Text(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (values.TryGetValue(name, out var value) && JsonValue.Text(value) is { Length: > 0 } text)
            {
                return text;
            }
        }

        return null;
    }

    /// <summary>The value of the first of the names that is there.</summary>
    public object? Value(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (values.TryGetValue(name, out var value) && value is not null)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The JSON of the first of the names that has any.</summary>
    public JsonElement? Json(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (values.TryGetValue(name, out var value) && JsonValue.Json(value) is { } json)
            {
                return json;
            }
        }

        return null;
    }

    public long? Integer(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (values.TryGetValue(name, out var value) && JsonValue.Integer(value) is { } number)
            {
                return number;
            }
        }

        return null;
    }

    public bool IsTrue(string name) => string.Equals(Text(name), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// A list that attributes spell out, <c>prefix.0.rest</c>, <c>prefix.1.rest</c>, …: for each index, in order, the attributes
    /// with what stands behind it as their names.
    /// </summary>
    public List<TagTable> List(string prefix)
    {
        var entries = new SortedDictionary<int, List<SpanTag>>();
        foreach (var (name, value) in values)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal) || name.Length <= prefix.Length + 1 || name[prefix.Length] != '.')
            {
                continue;
            }

            var rest = name.AsSpan(prefix.Length + 1);
            var dot = rest.IndexOf('.');
            if (dot > 0 && int.TryParse(rest[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                if (!entries.TryGetValue(index, out var tags))
                {
                    entries[index] = tags = [];
                }

                tags.Add(new SpanTag(rest[(dot + 1)..].ToString(), value));
            }
        }

        return [.. entries.Values.Select(static tags => new TagTable(tags))];
    }
}
