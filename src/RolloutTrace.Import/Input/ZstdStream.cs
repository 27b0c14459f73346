using RolloutTrace.Bundle;
using ZstdSharp;

namespace RolloutTrace.Import.Input;

/// <summary>What is in a file that was compressed with zstd. One that is damaged throws what other damaged input throws.</summary>
internal sealed class ZstdStream(Stream compressed) : ReadOnlyStream
{
    private readonly DecompressionStream content = new(compressed, leaveOpen: false);

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return content.Read(buffer);
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
    }
}
