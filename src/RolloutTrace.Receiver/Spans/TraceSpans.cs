using System.Buffers;
using RolloutTrace.GenAI;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.Receiver.Protocol;

namespace RolloutTrace.Receiver.Spans;

/// <summary>
/// The spans of one trace in one request, as they go into files: OTLP again, of which an import reads protobuf messages one behind the other, and JSON a line each. Of spans that
/// only tell what hangs where, and of those that stand for what raw events tell, no more is kept than that.
/// </summary>
internal sealed class TraceSpans(string traceId)
{
    private readonly ProtobufBuilder messages = new();
    private readonly ArrayBufferWriter<byte> lines = new();

    public string TraceId => traceId;

    /// <summary>How many spans there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether one tells of an agent, a model or a tool, so that there is a rollout.</summary>
    public bool Tells { get; private set; }

    /// <summary>The conversations that they name.</summary>
    public HashSet<string> Conversations { get; } = new(StringComparer.Ordinal);

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
            lines.Write("{\"resourceSpans\":[{\"resource\":"u8);
            WriteLine(resource);
            lines.Write(",\"scopeSpans\":[{\"scope\":"u8);
            WriteLine(scope);
            lines.Write(",\"spans\":["u8);
            WriteLine(raw);
            lines.Write("]}]}]}\n"u8);
        }
        else
        {
            AddPlace(span, new ProtobufBuilder().Value(1, ResourceOf(span)));
        }
    }

    /// <summary>Takes a span into account that is written already.</summary>
    public void Look(ForeignSpan span) => IsKept(span);

    // Of others only where they hang.
    private bool IsKept(ForeignSpan span)
    {
        Count++;
        if (IsOurs(span))
        {
            return false;
        }

        var tags = new TagTable(span.Attributes);
        var role = SpanRoles.Of(tags, span.Name, span.Kind);
        if (role is SpanRole.None)
        {
            return false;
        }

        if (role is not SpanRole.Http)
        {
            Tells = true;
            if (AgentReading.Read(span, tags).ConversationId is { } conversation)
            {
                Conversations.Add(conversation);
            }
        }

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
