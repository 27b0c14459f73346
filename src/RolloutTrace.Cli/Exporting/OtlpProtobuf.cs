using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>Spans as the protobuf message <c>ExportTraceServiceRequest</c> of OTLP 1.</summary>
internal static class OtlpProtobuf
{
    private const ulong Internal = 1;
    private const ulong Client = 3;
    private const ulong Error = 2;

    // Receivers refuse a request over 4 MiB by default, and with it all its spans.
    private const int MaxSpanBytes = 3 << 20;

    // What a span takes in a request besides itself: its tag and its length.
    private const int Framing = 6;

    /// <summary>The spans in as few requests as receivers take. The texts of a span that is alone larger than that are cut.</summary>
    public static IEnumerable<OtlpBatch> Requests(IReadOnlyList<RolloutSpan> spans, string serviceName) =>
        SizedBatches.Of(spans.Select(static span => SizedSpan.Of(span, MaxSpanBytes - Framing, Span)), static span => span.Length + Framing, MaxSpanBytes)
            .Select(batch => new OtlpBatch(Request(batch, serviceName), batch.Count));

    private static ReadOnlyMemory<byte> Request(IReadOnlyList<ReadOnlyMemory<byte>> spans, string serviceName)
    {
        var request = new ProtobufWriter();
        request.Message(1, resourceSpans =>
        {
            resourceSpans.Message(1, resource => Attribute(resource, 1, "service.name", serviceName));
            resourceSpans.Message(2, scopeSpans =>
            {
                scopeSpans.Message(1, static scope =>
                {
                    scope.Text(1, RolloutActivitySource.Name);
                    scope.Text(2, RolloutActivitySource.Version);
                });
                foreach (var span in spans)
                {
                    scopeSpans.Bytes(2, span.Span);
                }

                scopeSpans.Text(3, RolloutActivitySource.SchemaUrl);
            });
        });
        return request.Written;
    }

    private static ReadOnlyMemory<byte> Span(RolloutSpan span)
    {
        var message = new ProtobufWriter();
        message.Bytes(1, Convert.FromHexString(span.Reference.TraceId));
        message.Bytes(2, Convert.FromHexString(span.Reference.SpanId));
        if (span.Parent is { } parent)
        {
            message.Bytes(4, Convert.FromHexString(parent.SpanId));
        }

        message.Text(5, span.Name);
        message.Number(6, span.IsClient ? Client : Internal);
        message.Time(7, (ulong)Math.Max(span.StartUnixNs, 0));
        message.Time(8, (ulong)Math.Max(span.EndUnixNs, 0));
        foreach (var (key, value) in span.Attributes)
        {
            Attribute(message, 9, key, value);
        }

        if (span.Exception is { } exception)
        {
            message.Message(11, inner =>
            {
                inner.Time(1, (ulong)Math.Max(span.EndUnixNs, 0));
                inner.Text(2, "exception");
                Attribute(inner, 3, "exception.type", exception.Type);
                Attribute(inner, 3, "exception.message", exception.Message);
            });
        }

        foreach (var link in span.Links)
        {
            message.Message(13, inner =>
            {
                inner.Bytes(1, Convert.FromHexString(link.Target.TraceId));
                inner.Bytes(2, Convert.FromHexString(link.Target.SpanId));
                Attribute(inner, 4, RolloutAttributes.Link.Kind, KindName.Of(link.Kind));
                if (link.EdgeId is not null)
                {
                    Attribute(inner, 4, RolloutAttributes.Edge.Id, link.EdgeId);
                }
            });
        }

        if (span.IsError)
        {
            message.Message(15, status =>
            {
                if (span.StatusDescription is { } words)
                {
                    status.Text(2, words);
                }

                status.Number(3, Error);
            });
        }

        return message.Written;
    }

    private static void Attribute(ProtobufWriter message, int field, string key, object value) => message.Message(field, pair =>
    {
        pair.Text(1, key);
        pair.Message(2, any =>
        {
            switch (value)
            {
                case string text:
                    any.Text(1, text);
                    break;
                case bool flag:
                    any.Number(2, flag ? 1UL : 0);
                    break;
                case long number:
                    any.Number(3, unchecked((ulong)number));
                    break;
                case double number:
                    any.Double(4, number);
                    break;
                case string[] texts:
                    any.Message(5, array =>
                    {
                        foreach (var text in texts)
                        {
                            array.Message(1, entry => entry.Text(1, text));
                        }
                    });
                    break;
                default:
                    throw new ArgumentException($"an attribute of type {value.GetType()}", nameof(value));
            }
        });
    });
}
