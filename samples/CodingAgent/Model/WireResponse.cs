using System.Buffers;
using System.Net.ServerSentEvents;
using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace;

namespace CodingAgent.Model;

/// <summary>What a streamed response said, as far as it came, taken from its bytes: output items are the exact JSON of the wire.</summary>
internal sealed class WireResponse
{
    private readonly ArrayBufferWriter<byte> items = new();
    private string? model;
    private string? incomplete;

    public string? ResponseId { get; private set; }

    public TokenUsage? Usage { get; private set; }

    /// <summary>The output items that had arrived whole, a list.</summary>
    public JsonPayload OutputItems { get; private set; }

    public static WireResponse Parse(ReadOnlyMemory<byte> stream)
    {
        var response = new WireResponse();
        response.items.Write("["u8);
        using var bytes = new MemoryStream(stream.ToArray());
        foreach (var update in SseParser.Create(bytes, static (_, data) => data.ToArray()).Enumerate())
        {
            response.Read(update.EventType, update.Data);
        }

        response.items.Write("]"u8);
        response.OutputItems = response.items.WrittenMemory;
        return response;
    }

    public ModelResponseDetails Details(string? requestId) => new()
    {
        UpstreamRequestId = requestId,
        ResponseModel = model,
        FinishReasons = incomplete is null ? null : [incomplete],
    };

    private void Read(string type, byte[] data)
    {
        if (type == "response.output_item.done")
        {
            Add(JsonElement.Parse(data).GetProperty("item"));
        }
        else if (type is "response.created" or "response.completed" or "response.incomplete" or "response.failed")
        {
            ReadResponse(JsonElement.Parse(data).GetProperty("response"));
        }
    }

    private void Add(JsonElement item)
    {
        if (items.WrittenCount > 1)
        {
            items.Write(","u8);
        }

        items.Write(JsonMarshal.GetRawUtf8Value(item));
    }

    private void ReadResponse(JsonElement response)
    {
        ResponseId = Text(response, "id");
        model = Text(response, "model");
        incomplete = response.TryGetProperty("incomplete_details", out var details) && details.ValueKind == JsonValueKind.Object ? Text(details, "reason") : null;
        if (response.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            Usage = new TokenUsage(
                Number(usage, "input_tokens"),
                Number(usage, "output_tokens"),
                CachedInputTokens: Detail(usage, "input_tokens_details", "cached_tokens"),
                ReasoningOutputTokens: Detail(usage, "output_tokens_details", "reasoning_tokens"));
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;

    private static long Detail(JsonElement element, string details, string name) =>
        element.TryGetProperty(details, out var value) && value.ValueKind == JsonValueKind.Object ? Number(value, name) : 0;
}
