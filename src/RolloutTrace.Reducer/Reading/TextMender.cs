using System.Runtime.InteropServices;

namespace RolloutTrace.Reducer.Reading;

/// <summary>Mends the text of one payload, and of the JSON that stands as text in it: half a surrogate pair becomes U+FFFD.</summary>
internal sealed class TextMender(Tolerance tolerance, string payloadId)
{
    /// <summary>Mends text that belongs to the caller. However much there is to mend in a payload, one defect is told.</summary>
    public void Mend(ReadOnlyMemory<byte> json)
    {
        if (HalfPairs.Replace(MemoryMarshal.AsMemory(json).Span) == 0)
        {
            return;
        }

        tolerance.Accept(new Defect
        {
            Severity = DiagnosticSeverity.Warning,
            Code = DiagnosticCodes.TextMended,
            What = $"payload {payloadId} holds text with half a surrogate pair",
            Kept = "U+FFFD stands in the place of each",
            Cause = $"text of {payloadId}",
        });
    }
}
