using System.Diagnostics;
using System.Globalization;
using System.Text;
using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.TestSupport;

/// <summary>A span as text, the same whether it is a live one, one made from a bundle, or one that was sent.</summary>
internal sealed record ComparableSpan
{
    private const int ClientKind = 3;

    // Fields of OTLP's messages.
    private const int TraceIdField = 1;
    private const int SpanIdField = 2;
    private const int ParentField = 4;
    private const int NameField = 5;
    private const int KindField = 6;
    private const int StartField = 7;
    private const int EndField = 8;
    private const int AttributeField = 9;
    private const int EventField = 11;
    private const int LinkField = 13;
    private const int LinkAttributeField = 4;
    private const int StatusField = 15;
    private const int ArrayField = 5;

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required bool IsClient { get; init; }

    public required string? ParentId { get; init; }

    public required bool IsError { get; init; }

    /// <summary>The words of its status; null if it has none.</summary>
    public string? Description { get; init; }

    /// <summary>Type and message of the exception by which it failed; null if it did not.</summary>
    public string? Exception { get; init; }

    public required long StartUnixNs { get; init; }

    public required long EndUnixNs { get; init; }

    /// <summary>Names and values.</summary>
    public required SortedDictionary<string, string> Attributes { get; init; }

    /// <summary>Target and attributes of each.</summary>
    public required IReadOnlyList<string> Links { get; init; }

    public static ComparableSpan Of(Activity span)
    {
        var start = (span.StartTimeUtc.Ticks - DateTime.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;
        return new ComparableSpan
        {
            Id = span.SpanId.ToHexString(),
            Name = $"{span.TraceId.ToHexString()} {span.DisplayName}",
            IsClient = span.Kind == ActivityKind.Client,
            ParentId = span.ParentSpanId == default ? null : span.ParentSpanId.ToHexString(),
            IsError = span.Status == ActivityStatusCode.Error,
            Description = span.StatusDescription,
            Exception = span.Events.Where(static e => e.Name == "exception").Select(static e => Exceptional(e.Tags.Select(static tag => (tag.Key, Text(tag.Value))))).SingleOrDefault(),
            StartUnixNs = start,
            EndUnixNs = start + (span.Duration.Ticks * TimeSpan.NanosecondsPerTick),
            Attributes = Sorted(span.TagObjects.Select(static tag => (tag.Key, Text(tag.Value)))),
            Links = [.. span.Links.Select(static link => Link(link.Context.TraceId.ToHexString(), link.Context.SpanId.ToHexString(), (link.Tags ?? []).Select(static tag => (tag.Key, Text(tag.Value)))))],
        };
    }

    public static ComparableSpan Of(RolloutSpan span) => new()
    {
        Id = span.Reference.SpanId,
        Name = $"{span.Reference.TraceId} {span.Name}",
        IsClient = span.IsClient,
        ParentId = span.Parent?.SpanId,
        IsError = span.IsError,
        Description = span.StatusDescription,
        Exception = span.Exception is { } exception ? $"{exception.Type}: {exception.Message}" : null,
        StartUnixNs = span.StartUnixNs,
        EndUnixNs = span.EndUnixNs,
        Attributes = Sorted(span.Attributes.Select(static attribute => (attribute.Key, Text(attribute.Value)))),
        Links = [.. span.Links.Select(static link => Link(
            link.Target.TraceId,
            link.Target.SpanId,
            link.EdgeId is null ? [(RolloutAttributes.Link.Kind, KindName.Of(link.Kind))] : [(RolloutAttributes.Link.Kind, KindName.Of(link.Kind)), (RolloutAttributes.Edge.Id, link.EdgeId)]))],
    };

    public static ComparableSpan OfOtlp(byte[] span)
    {
        var numbers = ProtobufText.Fields(span).Where(static field => field.Value is ulong).ToDictionary(static field => field.Field, static field => (long)(ulong)field.Value);
        return new ComparableSpan
        {
            Id = Hex(span, SpanIdField)!,
            Name = $"{Hex(span, TraceIdField)} {span.TextIn(NameField)}",
            IsClient = numbers[KindField] == ClientKind,
            ParentId = Hex(span, ParentField),
            IsError = span.In(StatusField).SelectMany(static status => ProtobufText.Fields(status)).Any(static field => field is { Field: 3, Value: 2UL }),
            Description = span.In(StatusField).SelectMany(static status => status.In(2)).Select(Encoding.UTF8.GetString).SingleOrDefault(),
            Exception = span.In(EventField).Where(static e => e.TextIn(2) == "exception").Select(static e => Exceptional(AttributesIn(e, 3))).SingleOrDefault(),
            StartUnixNs = numbers[StartField],
            EndUnixNs = numbers[EndField],
            Attributes = Sorted(AttributesIn(span, AttributeField)),
            Links = [.. span.In(LinkField).Select(static link => Link(Hex(link, TraceIdField)!, Hex(link, SpanIdField)!, AttributesIn(link, LinkAttributeField)))],
        };
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Id} {Name} ({(IsClient ? "client" : "internal")}), below {ParentId ?? "nothing"}, {(IsError ? "error" : "no error")}{(Description is null ? "" : $": {Description}")}{(Exception is null ? "" : $" by {Exception}")}\n");
        foreach (var (name, value) in Attributes)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {name} = {value}\n");
        }

        foreach (var link in Links)
        {
            text.Append(CultureInfo.InvariantCulture, $"    -> {link}\n");
        }

        return text.ToString();
    }

    private static SortedDictionary<string, string> Sorted(IEnumerable<(string Name, string Value)> attributes)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in attributes)
        {
            sorted.Add(name, value);
        }

        return sorted;
    }

    private static string Link(string traceId, string spanId, IEnumerable<(string Name, string Value)> attributes) =>
        $"{traceId}-{spanId} {string.Join(", ", attributes.Select(static attribute => $"{attribute.Name} = {attribute.Value}"))}";

    private static string? Hex(byte[] message, int field) => message.In(field).Select(Convert.ToHexStringLower).SingleOrDefault();

    private static IEnumerable<(string Name, string Value)> AttributesIn(byte[] message, int field) =>
        message.In(field).Select(static pair => (pair.TextIn(1), AnyText(pair.In(2).Single())));

    private static string AnyText(byte[] any)
    {
        var (field, value) = ProtobufText.Fields(any).Single();
        return (field, value) switch
        {
            (1, byte[] text) => Encoding.UTF8.GetString(text),
            (2, ulong flag) => flag == 1 ? "true" : "false",
            (3, ulong number) => ((long)number).ToString(CultureInfo.InvariantCulture),
            (4, ulong bits) => BitConverter.UInt64BitsToDouble(bits).ToString(CultureInfo.InvariantCulture),
            (ArrayField, byte[] array) => $"[{string.Join(", ", array.In(1).Select(AnyText))}]",
            _ => throw new FormatException($"a value in field {field}"),
        };
    }

    // The stack is the process's alone.
    private static string Exceptional(IEnumerable<(string Name, string Value)> attributes)
    {
        var values = attributes.ToDictionary(static attribute => attribute.Name, static attribute => attribute.Value, StringComparer.Ordinal);
        return $"{values["exception.type"]}: {values["exception.message"]}";
    }

    private static string Text(object? value) => value switch
    {
        string[] texts => $"[{string.Join(", ", texts)}]",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
