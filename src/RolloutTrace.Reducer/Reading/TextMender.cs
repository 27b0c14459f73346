using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// Mends the text of one payload, and of the JSON that stands as text in it: half a surrogate pair becomes U+FFFD, and so do bytes
/// that are not UTF-8.
/// </summary>
internal sealed class TextMender(Tolerance tolerance, string payloadId)
{
    /// <summary>Mends the text of a payload, and takes its bytes over. However much there is to mend in it, one defect is told.</summary>
    public PayloadBytes Mend(PayloadBytes bytes)
    {
        if (!Utf8.IsValid(bytes.Span))
        {
            var text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes.Span));
            bytes.Dispose();
            bytes = PayloadBytes.CopyOf(text);
            Tell("bytes that are not UTF-8");
        }

        Mend(bytes.Memory);
        return bytes;
    }

    /// <summary>Mends JSON that belongs to the caller.</summary>
    public void Mend(ReadOnlyMemory<byte> json)
    {
        if (HalfPairs.Replace(MemoryMarshal.AsMemory(json).Span) > 0)
        {
            Tell("text with half a surrogate pair");
        }
    }

    private void Tell(string what) => tolerance.Accept(new Defect
    {
        Severity = DiagnosticSeverity.Warning,
        Code = DiagnosticCodes.TextMended,
        What = $"payload {payloadId} holds {what}",
        Kept = "U+FFFD stands in the place of each",
        Cause = $"text of {payloadId}",
    });
}
