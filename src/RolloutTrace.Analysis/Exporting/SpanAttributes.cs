using System.Text.Json;
using RolloutTrace.Content;
using RolloutTrace.Reducer;
using RolloutTrace.Spans;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>Attributes of a span: none that has nothing to say, and none longer than a back end likes.</summary>
internal sealed class SpanAttributes
{
    private readonly SortedDictionary<string, object> values = new(StringComparer.Ordinal);
    private ContentCuts? cuts;

    public IReadOnlyDictionary<string, object> Values => values;

    public SpanAttributes Add(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            values[name] = SpanTags.Cut(value);
        }

        return this;
    }

    /// <summary>Adds text whose length is bounded elsewhere.</summary>
    public SpanAttributes AddWhole(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            values[name] = value;
        }

        return this;
    }

    /// <summary>Adds content, and what is missing of it.</summary>
    public SpanAttributes AddContent(string name, ContentValue? value)
    {
        if (value is { } content)
        {
            AddContent(name, content.Json, content.MissingMessages, content.MissingBytes);
        }

        return this;
    }

    /// <inheritdoc cref="AddContent(string, ContentValue?)"/>
    public void AddContent(string name, object value, int missingMessages, long missingBytes)
    {
        values[name] = value;
        if ((missingMessages > 0 || missingBytes > 0) && (cuts ??= new ContentCuts()).Set(name, missingMessages, missingBytes))
        {
            AddWhole(RolloutAttributes.Content.Cut, cuts.ToJson());
        }
    }

    public SpanAttributes Add(string name, long value)
    {
        values[name] = value;
        return this;
    }

    /// <summary>Adds a value of any kind that spans take.</summary>
    public void Add(string name, object value) => values[name] = value;

    public void Remove(string name) => values.Remove(name);

    public SpanAttributes Add(string name, bool value)
    {
        values[name] = value;
        return this;
    }

    public SpanAttributes Add(RecordedTokenUsage? usage) => usage is null ? this : this
        .Add(RolloutAttributes.GenAI.UsageInputTokens, usage.InputTokens)
        .Add(RolloutAttributes.GenAI.UsageOutputTokens, usage.OutputTokens)
        .Add(RolloutAttributes.GenAI.UsageCacheReadInputTokens, usage.CachedInputTokens)
        .Add(RolloutAttributes.GenAI.UsageCacheWriteInputTokens, usage.CacheWriteInputTokens)
        .Add(RolloutAttributes.GenAI.UsageReasoningOutputTokens, usage.ReasoningOutputTokens);

    /// <summary>Adds what the span's own events carry, which counts for more than what was concluded; text in it was cut when it was recorded.</summary>
    public SpanAttributes Add(IReadOnlyDictionary<string, JsonElement>? carried)
    {
        foreach (var (name, value) in carried ?? new Dictionary<string, JsonElement>(StringComparer.Ordinal))
        {
            // Links are repeated from the links.
            if (name.StartsWith(RolloutAttributes.Link.Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            values[name] = value.ValueKind switch
            {
                JsonValueKind.String => Text(value),
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Number when value.TryGetInt64(out var number) => number,
                JsonValueKind.Number when value.TryGetDouble(out var number) => number,
                JsonValueKind.Array => (string[])[.. value.EnumerateArray().Select(Text)],
                _ => value.GetRawText(),
            };
        }

        return this;
    }

    // What is no text, such as half a surrogate pair, stands there as it is written.
    private static string Text(JsonElement value) => JsonText.OrNull(value) ?? value.GetRawText();
}
