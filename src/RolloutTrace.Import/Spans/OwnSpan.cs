using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI;

namespace RolloutTrace.Import.Spans;

/// <summary>A span that this library made: its attributes say which object of which rollout it is.</summary>
internal sealed class OwnSpan(ForeignSpan span)
{
    private readonly Dictionary<string, object?> tags = Table(span);

    public ForeignSpan Span => span;

    public string? ThreadId => Text(RolloutAttributes.Thread.Id);

    public string? TurnId => Text(RolloutAttributes.Turn.Id);

    /// <summary>Whether it never ended; its end is that of the log then.</summary>
    public bool IsUnfinished => span.End is null || Text("rollout.unfinished") is not null;

    public ExecutionStatus Status => Text(RolloutAttributes.Status) switch
    {
        "failed" => ExecutionStatus.Failed,
        "cancelled" => ExecutionStatus.Cancelled,
        "aborted" => ExecutionStatus.Aborted,
        _ => ExecutionStatus.Completed,
    };

    /// <summary>Whether a span is one that has an object of a rollout.</summary>
    public static bool Is(ForeignSpan span) => span.SourceName == RolloutActivitySource.Name && span.Attributes.Any(static tag => tag.Name == RolloutAttributes.Id);

    /// <summary>An attribute as text; null if it has none.</summary>
    public string? Text(string name) => tags.GetValueOrDefault(name) switch
    {
        null or "" => null,
        string text => text,
        bool flag => flag ? "true" : "false",
        JsonElement json => json.GetRawText(),
        var other => Convert.ToString(other, System.Globalization.CultureInfo.InvariantCulture),
    };

    public long Number(string name) => tags.GetValueOrDefault(name) switch { long number => number, double number => (long)number, _ => 0 };

    public bool Has(string name) => tags.ContainsKey(name);

    /// <summary>The spans that a link's attribute names, as <c>trace-span</c>.</summary>
    public IEnumerable<string> Linked(string kind) => (Text($"rollout.link.{kind}") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The JSON that an attribute's text is; null if it is none, or another kind of it.</summary>
    public JsonElement? Json(string name, JsonValueKind kind)
    {
        try
        {
            return Text(name) is { } text && JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = BundleReaderOptions.MaxDepth - 8 }) is var json && json.ValueKind == kind ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Dictionary<string, object?> Table(ForeignSpan span)
    {
        var table = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var tag in span.Attributes)
        {
            table[tag.Name] = tag.Value;
        }

        return table;
    }
}
