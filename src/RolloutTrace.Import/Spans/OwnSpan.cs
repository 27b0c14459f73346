using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI;
using RolloutTrace.Import.Sessions;

namespace RolloutTrace.Import.Spans;

/// <summary>A span that this library made: its attributes say which object of which rollout it is.</summary>
/// <param name="span">The span.</param>
/// <param name="spool">Keeps what it says at length.</param>
internal sealed class OwnSpan(ForeignSpan span, LogSpool spool)
{
    private const int LongText = 256;

    private readonly Dictionary<string, object?> tags = Table(span, spool);

    /// <summary>The span without its attributes and events.</summary>
    public ForeignSpan Span { get; } = span with { Attributes = [], Events = [], Resource = [] };

    public string? ThreadId => Text(RolloutAttributes.Thread.Id);

    public string? TurnId => Text(RolloutAttributes.Turn.Id);

    /// <summary>Whether it never ended; its end is that of the log then.</summary>
    public bool IsUnfinished => Span.End is null || Text("rollout.unfinished") is not null;

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
        LogText text => new string(MemoryMarshal.Cast<byte, char>(text.Bytes.Span)),
        bool flag => flag ? "true" : "false",
        JsonElement json => json.GetRawText(),
        var other => Convert.ToString(other, System.Globalization.CultureInfo.InvariantCulture),
    };

    public long Number(string name) => tags.GetValueOrDefault(name) switch { long number => number, double number => (long)number, _ => 0 };

    /// <summary>The names of its attributes, in the order in which they first came.</summary>
    public IEnumerable<string> Names => tags.Keys;

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

    // A text is kept as it is in memory, so that what is no valid Unicode comes back as it was.
    private static Dictionary<string, object?> Table(ForeignSpan span, LogSpool spool)
    {
        var table = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var tag in span.Attributes)
        {
            table[tag.Name] = tag.Value is string { Length: > LongText } text ? spool.Keep(MemoryMarshal.AsBytes(text.AsSpan()).ToArray()) : tag.Value;
        }

        return table;
    }
}
