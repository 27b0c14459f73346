using System.Buffers;
using RolloutTrace.GenAI;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Threads;
using RolloutTrace.Import.Spans;
using RolloutTrace.Receiver.Protocol;

namespace RolloutTrace.Receiver.Spans;

/// <summary>
/// The spans of one trace in one request, as they go into files: OTLP again, of which an import reads protobuf messages one behind the other, and JSON a line each. Of spans that
/// only tell what hangs where, and of those that stand for what raw events tell, no more is kept than that.
/// </summary>
internal sealed class TraceSpans(string traceId)
{
    // The field observed_time_unix_nano of a log record.
    private const int Observed = 11;

    private readonly ProtobufBuilder messages = new();
    private readonly ArrayBufferWriter<byte> lines = new();

    public string TraceId => traceId;

    /// <summary>How many spans and messages there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether one tells of an agent, a model or a tool, so that there is a rollout.</summary>
    public bool Tells { get; private set; }

    /// <summary>Whether there is a message that was logged for a span. It tells of no rollout before its span does, and is what that may lack.</summary>
    public bool HasMessages { get; private set; }

    /// <summary>What may bind them to other traces.</summary>
    public TraceBonds Bonds { get; } = new();

    public ReadOnlySpan<byte> Messages => messages.Written;

    public ReadOnlySpan<byte> Lines => lines.WrittenSpan;

    /// <summary>Whether a span is one of ours, or of another that our recorder has recorded: the raw events tell what it tells.</summary>
    public static bool IsOurs(ForeignSpan span) => span.Attributes.Any(static tag => tag.Name == RolloutAttributes.Id);

    /// <summary>Adds one that stands in a message.</summary>
    /// <param name="span">The span, read, without what it comes from.</param>
    /// <param name="raw">Its message.</param>
    /// <param name="resource">The message of its resource.</param>
    /// <param name="scope">The message of its scope.</param>
    public void AddProtobuf(ForeignSpan span, ReadOnlySpan<byte> raw, ReadOnlySpan<byte> resource, ReadOnlySpan<byte> scope)
    {
        if (IsKept(span))
        {
            AddMessage(new ProtobufBuilder().Value(1, resource), new ProtobufBuilder().Value(1, scope).Value(2, raw));
        }
        else
        {
            AddPlace(span, new ProtobufBuilder().Value(1, resource));
        }
    }

    /// <summary>Adds one that stands in JSON.</summary>
    /// <param name="span">The span, read, with its resource's attributes.</param>
    /// <param name="raw">Its text.</param>
    /// <param name="resource">The text of its resource.</param>
    /// <param name="scope">The text of its scope.</param>
    public void AddJson(ForeignSpan span, ReadOnlySpan<byte> raw, ReadOnlySpan<byte> resource, ReadOnlySpan<byte> scope)
    {
        if (IsKept(span))
        {
            AddLine("{\"resourceSpans\":[{\"resource\":"u8, resource, ",\"scopeSpans\":[{\"scope\":"u8, scope, ",\"spans\":["u8, raw);
        }
        else
        {
            AddPlace(span, new ProtobufBuilder().Value(1, ResourceOf(span)));
        }
    }

    /// <summary>Adds a message that was logged for a span and stands in a message.</summary>
    /// <param name="raw">The log record.</param>
    /// <param name="resource">The message of its resource.</param>
    /// <param name="scope">The message of its scope.</param>
    public void AddProtobufLog(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> resource, ReadOnlySpan<byte> scope)
    {
        LookAtMessage();

        // It is told from a span by its time, which it need not have: then it has been seen at some time.
        var record = OtlpProtobuf.IsLogRecord(raw) ? new ProtobufBuilder() : new ProtobufBuilder().Fixed(Observed, 1);
        AddMessage(new ProtobufBuilder().Value(1, resource), new ProtobufBuilder().Value(1, scope).Message(2, record.Raw(raw)));
    }

    /// <summary>Adds a message that was logged for a span and stands in JSON.</summary>
    /// <param name="raw">The text of the log record.</param>
    /// <param name="resource">The text of its resource.</param>
    /// <param name="scope">The text of its scope.</param>
    public void AddJsonLog(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> resource, ReadOnlySpan<byte> scope)
    {
        LookAtMessage();
        AddLine("{\"resourceLogs\":[{\"resource\":"u8, resource, ",\"scopeLogs\":[{\"scope\":"u8, scope, ",\"logRecords\":["u8, raw);
    }

    /// <summary>Takes a span into account that is written already.</summary>
    public void Look(ForeignSpan span) => IsKept(span);

    /// <summary>Takes a message into account that is written already.</summary>
    public void LookAtMessage()
    {
        Count++;
        HasMessages = true;
    }

    // Of others only where they hang.
    private bool IsKept(ForeignSpan span)
    {
        Count++;
        if (IsOurs(span))
        {
            return false;
        }

        if (SpanReading.RoleOf(span, out _) is var role and (SpanRole.None or SpanRole.Http))
        {
            return role is SpanRole.Http;
        }

        Tells = true;
        Bonds.Add(SpanReading.Of(span));
        return true;
    }

    // Where it hangs, and whether it is ours.
    private void AddPlace(ForeignSpan span, ProtobufBuilder resource)
    {
        var place = new ProtobufBuilder().Value(1, Convert.FromHexString(span.TraceId)).Value(2, Convert.FromHexString(span.SpanId));
        if (span.ParentSpanId is { Length: > 0 } parent)
        {
            place.Value(4, Convert.FromHexString(parent));
        }

        place.Fixed(7, (ulong)(span.Start - DateTimeOffset.UnixEpoch).Ticks * 100);
        if (IsOurs(span))
        {
            place.Message(9, new ProtobufBuilder().Text(1, RolloutAttributes.Id).Message(2, new ProtobufBuilder().Text(1, "")));
        }

        AddMessage(resource, new ProtobufBuilder().Message(2, place));
    }

    private void AddMessage(ProtobufBuilder resource, ProtobufBuilder scope) => messages.Delimited(new ProtobufBuilder().Message(1, resource.Message(2, scope)));

    private static ReadOnlySpan<byte> ResourceOf(ForeignSpan span)
    {
        var resource = new ProtobufBuilder();
        foreach (var tag in span.Resource)
        {
            if (tag.Value is string text)
            {
                resource.Message(1, new ProtobufBuilder().Text(1, tag.Name).Message(2, new ProtobufBuilder().Text(1, text)));
            }
        }

        return resource.Written;
    }

    private void AddLine(ReadOnlySpan<byte> before, ReadOnlySpan<byte> resource, ReadOnlySpan<byte> between, ReadOnlySpan<byte> scope, ReadOnlySpan<byte> behind, ReadOnlySpan<byte> raw)
    {
        lines.Write(before);
        WriteLine(resource);
        lines.Write(between);
        WriteLine(scope);
        lines.Write(behind);
        WriteLine(raw);
        lines.Write("]}]}]}\n"u8);
    }

    // A line's end stands between the values of JSON, never in one.
    private void WriteLine(ReadOnlySpan<byte> json)
    {
        var target = lines.GetSpan(json.Length)[..json.Length];
        json.CopyTo(target);
        target.Replace((byte)'\n', (byte)' ');
        target.Replace((byte)'\r', (byte)' ');
        lines.Advance(json.Length);
    }
}
