using System.Buffers;
using System.Diagnostics;
using System.IO.Compression;

namespace RolloutTrace.Receiver.Protocol;

/// <summary>
/// The bytes of one request, within limits: of its own size, of the time that it may take, and of the memory that all take together. Disposing gives the
/// memory back.
/// </summary>
internal sealed class RequestBytes : IDisposable
{
    /// <summary>The most bytes of a message, unzipped.</summary>
    public const int Most = 20 << 20;

    private const int FirstBuffer = 1 << 16;

    // Who is slower has to make room while others wait for memory, and may come again.
    private const long SlowestBytesASecond = 1 << 18;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    // The library takes gzip that is cut off for a shorter text. So there is a text behind each, zipped by itself, that only comes out where the one before has its end.
    private static readonly byte[] EndText = [.. "\0the end of a message\0"u8];
    private static readonly byte[] End = Zip(EndText);

    private readonly ByteBudget budget;
    private long leased;
    private byte[] buffer = [];
    private int length;

    private RequestBytes(ByteBudget budget) => this.budget = budget;

    /// <summary>What was read.</summary>
    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, length);

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="expected">How long it says it is; null if it says nothing.</param>
    /// <param name="budget">Where the memory comes from.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="RefusedException">There is more than is taken.</exception>
    public static async Task<RequestBytes> ReadAsync(Stream stream, long? expected, ByteBudget budget, CancellationToken stop)
    {
        if (expected > Most)
        {
            throw TooLarge();
        }

        var read = new RequestBytes(budget);
        try
        {
            await read.LeaseAsync(expected ?? Most, stop).ConfigureAwait(false);
            await read.FillSwiftlyAsync(stream, expected, stop).ConfigureAwait(false);
            read.Shrink();
            return read;
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    /// <summary>Unzips a message; what is over the limit is not unzipped.</summary>
    /// <param name="zipped">The message; it is of no use afterwards.</param>
    /// <param name="budget">Where the memory comes from: not from where that of the zipped one is, so that nobody who has that waits for who has this.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="RefusedException">There is more than is taken, or it is no gzip.</exception>
    public static async Task<RequestBytes> UnzipAsync(RequestBytes zipped, ByteBudget budget, CancellationToken stop)
    {
        var read = new RequestBytes(budget);
        try
        {
            await read.LeaseAsync(Most, stop).ConfigureAwait(false);
            zipped.Append(End);
            var gzip = new GZipStream(new MemoryStream(zipped.buffer, 0, zipped.length, writable: false), CompressionMode.Decompress);
            await using (gzip.ConfigureAwait(false))
            {
                await read.FillAsync(gzip, expected: null, Most + EndText.Length, stop).ConfigureAwait(false);
            }

            if (!read.Bytes.Span.EndsWith(EndText))
            {
                throw new InvalidDataException("it is cut off");
            }

            read.length -= EndText.Length;
            read.Shrink();
            return read;
        }
        catch (InvalidDataException e)
        {
            read.Dispose();
            throw new RefusedException(ExportFate.NoOtlp, $"it is not gzip, as is said: {e.Message}");
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }

        budget.Return(leased);
        leased = 0;
    }

    private static RefusedException TooLarge() => new(ExportFate.TooLarge, $"a message has at most {Most} bytes, unzipped; send less at once");

    private static RefusedException OtherLength() => new(ExportFate.NoOtlp, "it is not as long as it says");

    private async Task LeaseAsync(long bytes, CancellationToken stop)
    {
        await budget.TakeAsync(bytes, stop).ConfigureAwait(false);
        leased = bytes;
    }

    private void Shrink()
    {
        var (most, need) = (leased, Math.Min(leased, length));
        leased = need;
        budget.Return(most - need);
    }

    // Memory is there for a few large messages at once: a few that send byte by byte must not keep it from all others.
    private async Task FillSwiftlyAsync(Stream stream, long? expected, CancellationToken stop)
    {
        using var slow = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var began = Stopwatch.GetTimestamp();
        var look = new Timer(
            _ =>
            {
                var time = Stopwatch.GetElapsedTime(began);
                if (time > Grace && Volatile.Read(ref length) < SlowestBytesASecond * (time - Grace).TotalSeconds && budget.IsWanted)
                {
                    slow.Cancel();
                }
            },
            state: null,
            BetweenLooks,
            BetweenLooks);
        await using (look.ConfigureAwait(false))
        {
            try
            {
                await FillAsync(stream, expected, Most, slow.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                throw new RefusedException(ExportFate.Busy, "it came slowly, and others wait");
            }
        }
    }

    private async Task FillAsync(Stream stream, long? expected, int most, CancellationToken stop)
    {
        // One more than is expected, to see that there is no more.
        buffer = ArrayPool<byte>.Shared.Rent((int)(expected ?? FirstBuffer) + 1);
        while (true)
        {
            if (length == buffer.Length)
            {
                Grow();
            }

            var got = await stream.ReadAsync(buffer.AsMemory(length), stop).ConfigureAwait(false);
            if (got == 0)
            {
                if (length < expected)
                {
                    throw OtherLength();
                }

                return;
            }

            length += got;
            if (length > (expected ?? most))
            {
                throw expected is null ? TooLarge() : OtherLength();
            }
        }
    }

    private void Append(ReadOnlySpan<byte> more)
    {
        while (buffer.Length - length < more.Length)
        {
            Grow();
        }

        more.CopyTo(buffer.AsSpan(length));
        length += more.Length;
    }

    private static byte[] Zip(byte[] text)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal))
        {
            gzip.Write(text);
        }

        return zipped.ToArray();
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, Most + (1 << 10)));
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
