using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Payloads;

/// <summary>How payloads are written: compact, and escaped as little as JSON allows, since they are read as JSON only, and no deeper than readers go.</summary>
internal static class PayloadJson
{
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = new HalfSurrogateEncoder(),
        SkipValidation = true,
        MaxDepth = BundleReaderOptions.MaxDepth,
    };
}
