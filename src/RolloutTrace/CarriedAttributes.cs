using System.Collections;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace;

/// <summary>
/// Attributes of a span on their way into its events: those that no event has a member for. In the order in which they were set,
/// each name once; a value is a <see cref="string"/>, an <see cref="int"/> or an array of strings. Immutable: adding one makes a new
/// object, which shares the rest, since a recorder may write out later what it was given before.
/// </summary>
public sealed class CarriedAttributes : IEnumerable<KeyValuePair<string, object>>
{
    private readonly CarriedAttributes? before;
    private readonly string name;
    private readonly object value;

    private CarriedAttributes(CarriedAttributes? before, string name, object value)
    {
        this.before = before;
        this.name = name;
        this.value = value;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator()
    {
        var attributes = new Stack<KeyValuePair<string, object>>();
        for (var last = this; last is not null; last = last.before)
        {
            attributes.Push(KeyValuePair.Create(last.name, last.value));
        }

        return attributes.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>These, and one more, which takes the place of an earlier one of its name.</summary>
    internal static CarriedAttributes Add(CarriedAttributes? before, string name, object value) =>
        new(Without(before, name), name, value);

    /// <summary>Writes them as members.</summary>
    internal void WriteTo(Utf8JsonWriter json)
    {
        before?.WriteTo(json);
        json.WritePropertyName(name);
        if (value is string[] texts)
        {
            json.WriteStartArray();
            foreach (var text in texts)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
        }
        else if (value is int number)
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue((string)value);
        }
    }

    /// <summary>The same as reading what <see cref="WriteTo"/> writes gives.</summary>
    internal IReadOnlyDictionary<string, JsonElement> ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteTo(json);
            json.WriteEndObject();
        }

        return JsonSerializer.Deserialize(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), BundleJsonContext.Default.IReadOnlyDictionaryStringJsonElement)!;
    }

    private static CarriedAttributes? Without(CarriedAttributes? attributes, string name)
    {
        if (attributes is null || attributes.name == name)
        {
            return attributes?.before;
        }

        var before = Without(attributes.before, name);
        return ReferenceEquals(before, attributes.before) ? attributes : new CarriedAttributes(before, attributes.name, attributes.value);
    }
}
