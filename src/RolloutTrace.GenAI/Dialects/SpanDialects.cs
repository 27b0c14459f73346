using System.Text.Json;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>The libraries that have names of their own for what a span is.</summary>
internal static class SpanDialects
{
    public const string Kind = "openinference.span.kind";
    public const string Given = "input.value";
    public const string Gave = "output.value";

    private static readonly ISpanDialect[] All = [new Langfuse(), new MLflow(), new Genkit(), new SpringAI(), new GoogleAdk(), new GeminiCli(), new WholeExchange(), new Sentry("gen_ai.request.messages"), new Sentry("gen_ai.tool.input"), new Logfire("request_data"), new Logfire("logfire."), new AgentOps(), new Braintrust(), new LoongSuite(), new LiveKit()];

    /// <summary>The names under which any of them have what was said.</summary>
    public static IEnumerable<string> Content => All.SelectMany(static dialect => dialect.Content);

    /// <summary>A span's attributes, with what any of them say in a library's own names.</summary>
    public static TagTable Read(ForeignSpan span, IReadOnlyList<SpanTag>? further)
    {
        var tags = new TagTable(span.Attributes, further);
        foreach (var dialect in All)
        {
            if (Speaks(span, dialect.Prefix))
            {
                var translated = new List<SpanTag>();
                dialect.Translate(span, tags, translated);
                tags = tags.With(translated);
            }
        }

        return tags;
    }

    /// <summary>A member as the value of an attribute; null if it is not there.</summary>
    public static object? Of(JsonElement? json, params ReadOnlySpan<string> path)
    {
        var value = json ?? default;
        foreach (var name in path)
        {
            value = value.ValueKind == JsonValueKind.Object ? JsonText.Member(value, name) : default;
        }

        return value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : value;
    }

    /// <summary>A member as the value of an attribute, under the first of two names that has one; null if it is not there.</summary>
    public static object? OfEither(JsonElement? json, string name, string otherName) => Of(json, name) ?? Of(json, otherName);

    private static bool Speaks(ForeignSpan span, string prefix)
    {
        for (var i = 0; i < span.Attributes.Count; i++)
        {
            if (span.Attributes[i].Name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
