namespace RolloutTrace.Arguments;

/// <summary>UUIDs that follow from what they name (version 8, RFC 9562), so that the same always has the same.</summary>
internal static class DerivedUuid
{
    /// <summary>The UUID that a hash gives, in the usual form.</summary>
    /// <param name="hash">At least 16 bytes, of which the first count; six bits are the version's and the variant's.</param>
    public static string Of(ReadOnlySpan<byte> hash)
    {
        Span<byte> id = stackalloc byte[16];
        hash[..16].CopyTo(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true).ToString();
    }
}
