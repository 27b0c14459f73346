using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Input;

/// <summary>What was read of a stream already, and then the rest of it.</summary>
internal sealed class ContinuedStream(ReadOnlyMemory<byte> beginning, Stream rest) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> left = beginning;

    public override int Read(Span<byte> buffer)
    {
        if (left.IsEmpty)
        {
            return rest.Read(buffer);
        }

        var count = Math.Min(left.Length, buffer.Length);
        left.Span[..count].CopyTo(buffer);
        left = left[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
        }

        base.Dispose(disposing);
    }
}
