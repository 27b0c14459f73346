using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Payloads;

/// <summary>
/// Reads in payloads what the state does not keep of them. One that is missing or damaged has nothing to say: that it is, is what reduction reports.
/// </summary>
internal sealed class PayloadLookup(BundleReader bundle)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    /// <summary>What <paramref name="read"/> makes of the payload's bytes, which it must not keep.</summary>
    public T? Bytes<T>(PayloadReference? reference, Func<ReadOnlyMemory<byte>, T?> read)
    {
        if (reference is null)
        {
            return default;
        }

        try
        {
            using var bytes = bundle.ReadPayload(reference);
            return read(bytes.Memory);
        }
        catch (Exception e) when (e is BundleException or JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    /// <summary>What <paramref name="read"/> makes of the document, which it must not keep.</summary>
    public T? Document<T>(PayloadReference? reference, Func<JsonElement, T?> read) => Bytes(reference, utf8 =>
    {
        using var document = JsonDocument.Parse(utf8, Options);
        return read(document.RootElement);
    });
}
