using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace RolloutTrace.Packing;

/// <summary>
/// The content of the zstd frames that a file begins with, one behind the other, read once from its beginning to its end in the memory that
/// their windows take. Frames without content before and between them are passed over. It may come from a stranger. Not safe for concurrent use.
/// </summary>
internal sealed class ZstdFrame : IDisposable
{
    private const int InputBytes = 1 << 16;

    private readonly SafeFileHandle file;
    private readonly ZstdDecoder decoder = new(PackedFormat.MaxWindowLog);
    private readonly byte[] input = ArrayPool<byte>.Shared.Rent(InputBytes);
    private readonly bool isGrowing;
    private long most;
    private long position;
    private int start;
    private int end;
    private bool isBetween = true;
    private bool isDisposed;

    /// <param name="file">The file; disposed with this.</param>
    /// <param name="isGrowing">Whether somebody may still write to it, or was stopped in the middle: then it just ends where it ends.</param>
    /// <exception cref="InvalidDataException">It is no frame, or one that is too much to read.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ZstdFrame(SafeFileHandle file, bool isGrowing = false)
    {
        this.file = file;
        this.isGrowing = isGrowing;
        try
        {
            most = PackedFormat.MostUnpacked(RandomAccess.GetLength(file));
            Fill();
            if (!TryBegin())
            {
                IsAtEnd = isGrowing && (end < 4 || ZstdFrameHeader.IsFrame(input.AsSpan(0, end))) ? true : throw new InvalidDataException("it does not begin as zstd does");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file, for what stands behind the content.</summary>
    public SafeFileHandle File => file;

    /// <summary>Bytes of the content that were given so far.</summary>
    public long Given { get; private set; }

    /// <summary>Whether all of the content was given. Checksums, where there are some, were right.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Reads on; 0 at the end of the content.</summary>
    /// <exception cref="InvalidDataException">It is damaged, cut off, or unpacks to too much.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public int Read(Span<byte> buffer)
    {
        while (!IsAtEnd && buffer.Length > 0)
        {
            if (isBetween && !TryBegin())
            {
                IsAtEnd = true;
                return 0;
            }

            if (start == end && !Fill())
            {
                // What the decoder still holds is before the cut.
                var held = Decode(buffer);
                return held > 0 || isBetween ? held : Cut();
            }

            var before = start;
            if (Decode(buffer) is > 0 and var written)
            {
                return written;
            }

            if (start == before && !isBetween)
            {
                throw new InvalidDataException("it is damaged: nothing comes of what is there");
            }
        }

        return 0;
    }

    /// <summary>What lies behind the content, if it is one frame that readers pass over and nothing else; empty where there is nothing.</summary>
    /// <param name="maxBytes">The most bytes that are read.</param>
    /// <exception cref="InvalidDataException">Something else is there.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[] ReadTrailer(int maxBytes)
    {
        var from = position - (end - start);
        var length = RandomAccess.GetLength(file) - from;
        if (length == 0)
        {
            return [];
        }

        Span<byte> head = stackalloc byte[8];
        if (length < head.Length || RandomAccess.Read(file, head, from) < head.Length || !ZstdFrameHeader.IsSkippable(head)
            || ZstdFrameHeader.SkippableBytes(head) != length)
        {
            throw new InvalidDataException("something else follows behind its end");
        }

        var trailer = new byte[(int)Math.Min(length - head.Length, maxBytes)];
        return trailer.Length == RandomAccess.Read(file, trailer, from + head.Length) ? trailer : throw new InvalidDataException("it is cut off");
    }

    public void Dispose()
    {
        if (!isDisposed)
        {
            isDisposed = true;
            decoder.Dispose();
            file.Dispose();
            ArrayPool<byte>.Shared.Return(input);
        }
    }

    private int Decode(Span<byte> buffer)
    {
        isBetween = decoder.Decode(input.AsSpan(start, end - start), buffer, out var consumed, out var written);
        start += consumed;
        Given += written;
        return Given <= most || (isGrowing && Given <= (most = PackedFormat.MostUnpacked(RandomAccess.GetLength(file)))) ? written : throw TooMuch();
    }

    // Another frame follows, or something else, or nothing.
    private bool TryBegin()
    {
        FillUp();
        while (!isGrowing && TryPassOver())
        {
            FillUp();
        }

        var head = input.AsSpan(start, end - start);
        if (!ZstdFrameHeader.IsFrame(head) || (isGrowing && head.Length < ZstdFrameHeader.MaxBytes && !ZstdFrameHeader.IsWhole(head)))
        {
            return false;
        }

        var header = ZstdFrameHeader.Read(head);
        if (header.WindowBytes > 1UL << PackedFormat.MaxWindowLog)
        {
            throw new InvalidDataException($"it refers back over {header.WindowBytes} bytes, more than the {1 << PackedFormat.MaxWindowLog} that a packed rollout may");
        }

        if (header.ContentBytes > (ulong)(most - Given))
        {
            throw TooMuch();
        }

        isBetween = false;
        return true;
    }

    // A frame without content, which others have before theirs and between them. The last one of the file is what stands behind the content.
    private bool TryPassOver()
    {
        var head = input.AsSpan(start, end - start);
        if (!ZstdFrameHeader.IsSkippable(head))
        {
            return false;
        }

        var bytes = ZstdFrameHeader.SkippableBytes(head);
        var next = position - head.Length + bytes;
        if (next >= RandomAccess.GetLength(file))
        {
            return false;
        }

        if (bytes <= head.Length)
        {
            start += (int)bytes;
        }
        else
        {
            (start, end, position) = (0, 0, next);
        }

        return true;
    }

    private int Cut()
    {
        IsAtEnd = isGrowing;
        return isGrowing ? 0 : throw new InvalidDataException("it is cut off");
    }

    private bool Fill()
    {
        start = 0;
        end = RandomAccess.Read(file, input.AsSpan(0, InputBytes), position);
        position += end;
        return end > 0;
    }

    // Behind what was not consumed.
    private void FillUp()
    {
        if (end - start >= ZstdFrameHeader.MaxBytes)
        {
            return;
        }

        input.AsSpan(start, end - start).CopyTo(input);
        (start, end) = (0, end - start);
        while (end < ZstdFrameHeader.MaxBytes && RandomAccess.Read(file, input.AsSpan(end, InputBytes - end), position) is > 0 and var read)
        {
            end += read;
            position += read;
        }
    }

    private InvalidDataException TooMuch() => new($"it unpacks to more than {most} bytes, which is more than anybody packs");
}
