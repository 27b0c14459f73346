using System.Buffers;
using System.Net.ServerSentEvents;
using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Exchanges;

/// <summary>What a response said, as far as it came, taken from its bytes: the exact JSON of the wire, in whatever API.</summary>
internal sealed class ExchangedResponse
{
    public string? ResponseId { get; private init; }

    public string? Model { get; private init; }

    public TokenUsage? Usage { get; private init; }

    /// <summary>The output items of a response of the Responses API; of another the response itself. Empty if nothing came that is whole.</summary>
    public JsonPayload Output { get; private init; }

    /// <param name="bytes">What had arrived.</param>
    /// <param name="isComplete">Whether that is all; else only items that are whole count.</param>
    public static ExchangedResponse Read(ReadOnlyMemory<byte> bytes, bool isComplete)
    {
        try
        {
            var start = bytes.Span.TrimStart(" \t\r\n"u8);
            return start.IsEmpty ? new ExchangedResponse()
                : start[0] == (byte)'{' ? Of(JsonElement.Parse(bytes.Span))
                : OfStream(bytes, isComplete);
        }
        catch (JsonException)
        {
            // Half a document, or none.
            return new ExchangedResponse();
        }
    }

    private static ExchangedResponse OfStream(ReadOnlyMemory<byte> bytes, bool isComplete)
    {
        var list = new ArrayBufferWriter<byte>();
        using var stream = new MemoryStream(bytes.ToArray());
        list.Write("["u8);
        foreach (var update in SseParser.Create(stream, static (_, data) => data.ToArray()).Enumerate())
        {
            if (update.Data is [(byte)'{', ..])
            {
                list.Write(list.WrittenCount > 1 ? ","u8 : ""u8);
                list.Write(update.Data);
            }
        }

        list.Write("]"u8);
        var events = JsonElement.Parse(list.WrittenSpan);
        if (events.GetArrayLength() == 0)
        {
            return new ExchangedResponse();
        }

        if (JsonText.MemberOrNull(events[0], "type")?.StartsWith("response.", StringComparison.Ordinal) != true)
        {
            return Of(events);
        }

        return OfResponses(events, isComplete);
    }

    private static ExchangedResponse OfResponses(JsonElement events, bool isComplete)
    {
        var items = new ArrayBufferWriter<byte>();
        var response = default(JsonElement);
        items.Write("["u8);
        foreach (var update in events.EnumerateArray())
        {
            if (JsonText.Member(update, "response") is { ValueKind: JsonValueKind.Object } said)
            {
                response = said;
            }

            if (JsonText.MemberOrNull(update, "type") == "response.output_item.done")
            {
                items.Write(items.WrittenCount > 1 ? ","u8 : ""u8);
                items.Write(JsonMarshal.GetRawUtf8Value(JsonText.Member(update, "item")));
            }
        }

        items.Write("]"u8);
        var read = Dialects.ReadResponse(response, into: null);
        return new ExchangedResponse
        {
            ResponseId = JsonText.MemberOrNull(response, "id"),
            Model = JsonText.MemberOrNull(response, "model"),
            Usage = isComplete ? read.Usage : null,
            Output = items.WrittenMemory,
        };
    }

    private static ExchangedResponse Of(JsonElement response)
    {
        var read = Dialects.ReadResponse(response, into: null);
        return new ExchangedResponse
        {
            ResponseId = read.Id,
            Model = read.Model,
            Usage = read.Usage,
            Output = JsonText.Member(response, "output") is { ValueKind: JsonValueKind.Array } items ? items : response,
        };
    }
}
