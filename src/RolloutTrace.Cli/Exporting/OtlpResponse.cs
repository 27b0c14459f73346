namespace RolloutTrace.Cli;

/// <summary>Reads the message <c>ExportTraceServiceResponse</c>, of which only one number matters.</summary>
internal static class OtlpResponse
{
    private const ulong PartialSuccess = (1 << 3) | 2;
    private const ulong RejectedField = 1 << 3;

    /// <summary>How many spans the receiver refused; 0 if it took them all, or its answer is not understood.</summary>
    public static long RejectedSpans(ReadOnlySpan<byte> response)
    {
        if (!TryVarint(ref response, out var tag) || tag != PartialSuccess || !TryVarint(ref response, out var length) || length > (ulong)response.Length)
        {
            return 0;
        }

        var partial = response[..(int)length];
        return TryVarint(ref partial, out tag) && tag == RejectedField && TryVarint(ref partial, out var rejected) ? (long)rejected : 0;
    }

    private static bool TryVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if ((bytes[i] & 0x80) == 0)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
