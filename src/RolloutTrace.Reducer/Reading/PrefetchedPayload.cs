using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Reading;

/// <summary>A payload that was read ahead, or why it could not be. Whether that matters is for the reduction to say.</summary>
internal sealed record PrefetchedPayload(PayloadReference Reference, PayloadBytes? Bytes, BundleException? Error) : IDisposable
{
    /// <summary>The payload as it was parsed ahead; null if it was not, or is no JSON, which who parses it then says.</summary>
    public JsonDocument? Parsed { get; private set; }

    /// <summary>What was found ahead of the entries in it; null for nothing.</summary>
    public FoundEntries? Entries { get; set; }

    /// <summary>Parses it ahead.</summary>
    public void TryParse()
    {
        try
        {
            Parsed = EscapedJson.Parse(Bytes!.Memory, PayloadDocument.Options);
        }
        catch (JsonException)
        {
            Parsed = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Parsed?.Dispose();
        Bytes?.Dispose();
    }
}
