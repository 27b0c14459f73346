namespace RolloutTrace.Viewer.Data;

/// <summary>Passes on what is written, and keeps the beginning of it.</summary>
/// <param name="destination">Where to; it is left open.</param>
/// <param name="beginning">Where the beginning is kept.</param>
/// <param name="most">The most bytes of it.</param>
internal sealed class BeginningStream(Stream destination, MemoryStream beginning, int most) : WriteOnlyStream
{
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        destination.Write(buffer);
        beginning.Write(buffer[..Math.Min(buffer.Length, most - (int)beginning.Length)]);
    }

    public override void Flush() => destination.Flush();
}
