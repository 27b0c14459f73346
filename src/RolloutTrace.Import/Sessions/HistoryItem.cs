using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Sessions;

/// <summary>One item of a conversation, in the form of the Responses API. The same object is the same item, wherever a model sees it again.</summary>
internal sealed class HistoryItem
{
    private LogText log;

    private HistoryItem(ReadOnlyMemory<byte> json, bool refersToPayload, string? callId, bool isOutput)
    {
        log = new LogText(json);
        RefersToPayload = refersToPayload;
        CallId = callId;
        IsOutput = isOutput;
    }

    /// <summary>The item. Of one that was put aside it is fetched.</summary>
    public ReadOnlyMemory<byte> Json => log.Bytes;

    /// <summary>The size of the item.</summary>
    public int Length => log.Length;

    /// <summary>Whether part of it, such as an image, is told from others by the payload that it stands in: strict readers take it once only.</summary>
    public bool RefersToPayload { get; }

    /// <summary>The id of the call that it is or answers; null if it is neither.</summary>
    public string? CallId { get; }

    /// <summary>Whether it is what a tool gave, and not a call of one.</summary>
    public bool IsOutput { get; }

    /// <summary>Whether it stands in a request, an answer or a checkpoint that has been written.</summary>
    public bool IsShown { get; set; }

    /// <summary>Whether another item says the same.</summary>
    public bool SaysTheSame(HistoryItem other) => log.SaysTheSame(other.log);

    /// <summary>What it says is kept where there is room.</summary>
    public HistoryItem KeptIn(LogSpool spool)
    {
        log = spool.Keep(log.Bytes);
        return this;
    }

    /// <summary>Takes an item as it stands in a log; null if a strict reader would refuse it.</summary>
    public static HistoryItem? Of(JsonElement item)
    {
        var items = new WireItems();
        Dialects.Default.Read(item, items);
        var refersToPayload = false;
        string? callId = null;
        var isOutput = false;
        foreach (var read in items)
        {
            // What is no text is mended when it is written.
            if (read.Defect is { Kind: not WireDefectKind.InvalidText })
            {
                return null;
            }

            callId ??= read.CallId;
            isOutput |= read.Kind is WireItemKind.FunctionCallOutput or WireItemKind.CustomToolCallOutput or WireItemKind.BuiltInCallOutput;
            foreach (ref readonly var part in read.Parts)
            {
                refersToPayload |= part.Kind is WirePartKind.Reference or WirePartKind.TextOrReference;
            }
        }

        return new HistoryItem(JsonMarshal.GetRawUtf8Value(item).ToArray(), refersToPayload, callId, isOutput);
    }

    /// <summary>Takes an item that was made; null if a strict reader would refuse it.</summary>
    public static HistoryItem? Of(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Bundle.BundleReaderOptions.MaxDepth });
        return Of(document.RootElement);
    }
}
