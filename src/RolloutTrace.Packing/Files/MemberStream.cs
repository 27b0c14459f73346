using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>The content of a member, read in a pass of its own.</summary>
/// <param name="reader">Stands at the member; disposed with this.</param>
/// <param name="isCutQuietly">Whether what is damaged just ends: then somebody else says so.</param>
internal sealed class MemberStream(PackedReader reader, bool isCutQuietly) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return reader.Read(buffer);
        }
        catch (BundleException e)
        {
            return isCutQuietly ? 0 : throw new InvalidDataException(e.Message, e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            reader.Dispose();
        }

        base.Dispose(disposing);
    }
}
