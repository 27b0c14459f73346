using System.Text.Encodings.Web;
using System.Text.Json;

namespace RolloutTrace.Payloads;

/// <summary>How payloads are written: compact, and escaped as little as JSON allows, since they are read as JSON only.</summary>
internal static class PayloadJson
{
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };
}
