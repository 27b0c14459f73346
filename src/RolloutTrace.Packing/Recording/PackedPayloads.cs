using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>
/// The payloads of a bundle that is being recorded, as the members of one tar file under zstd: what a request repeats of the one before it is
/// there once. Flushed it can be read up to there, whatever happens afterwards. Frames end where memory is given back; the tar file
/// goes on in the next. It has no end of its own: that comes when the bundle is packed.
/// </summary>
/// <remarks>Used by one thread, but for <see cref="Rest"/>.</remarks>
internal sealed class PackedPayloads : PayloadStore
{
    // Who asks for more than this asks for small files, not for speed.
    private const int MostFastLevel = 2;

    // The zeros behind a member.
    private static readonly byte[] Zeros = new byte[TarEntry.BlockBytes];

    private readonly Lock gate = new();
    private readonly PackedPayloadsSettings settings;
    private readonly StreamMemory memory;
    private readonly AppendedStream output;
    private readonly string prefix;
    private readonly long writtenAt;
    private readonly FrameChoice choice = new();
    private readonly PayloadPlaces places = new();
    private PayloadFrame? frame;
    private long lastNumber;
    private bool hasBegun;
    private bool isHeldBack;
    private Exception? failure;

    /// <param name="directory">The bundle's directory for payloads.</param>
    /// <param name="manifest">The bundle's manifest.</param>
    /// <param name="settings">How.</param>
    /// <param name="memory">Looks after the memory of all.</param>
    /// <exception cref="IOException">The stream's file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public PackedPayloads(string directory, BundleManifest manifest, PackedPayloadsSettings settings, StreamMemory memory)
    {
        this.settings = settings;
        this.memory = memory;
        prefix = $"{Path.GetFileName(Path.GetDirectoryName(directory))}/{BundleLayout.PayloadsDirectoryName}/";
        writtenAt = PackedFile.TimeOf(manifest.StartedAtUnixMs);
        output = new AppendedStream(Path.Join(directory, BundleLayout.PackedPayloadsFileName));
    }

    public override long Write(long number, ReadOnlySpan<byte> utf8Json) => Write(number, new PayloadInParts(default, utf8Json));

    public override long Write(long number, in PayloadInParts payload)
    {
        lock (gate)
        {
            ThrowIfFailed();
            if (number <= lastNumber)
            {
                throw new IOException($"{output.Path}: has a payload {number} already, or a later one");
            }

            var before = output.Written;
            try
            {
                Begin(payload);
                frame!.Write(TarHeader.Of(new TarEntry($"{prefix}{number}.json", payload.Length), writtenAt));
                WriteContent(number, payload);
                frame.Write(Zeros.AsSpan(0, TarEntry.Padding(payload.Length)));
                (lastNumber, isHeldBack) = (number, true);
            }
            catch (Exception e)
            {
                throw Failed(e);
            }

            return output.Written - before;
        }
    }

    public override long Flush() => Leave(isClosed: false);

    public override long Close()
    {
        var written = Leave(isClosed: true);
        memory.Remove(this);
        return written;
    }

    /// <summary>
    /// Gives memory back until the next payload comes. Nothing is written to disk by it, so it takes no longer than the processor does. On any thread.
    /// </summary>
    /// <returns>False if it is in use at the moment.</returns>
    public bool Rest()
    {
        if (!gate.TryEnter())
        {
            return false;
        }

        try
        {
            if (failure is null)
            {
                output.IsHeld = true;
                EndFrame();
            }

            return true;
        }
        catch (Exception e)
        {
            // Whoever writes next is told.
            Failed(e);
            return true;
        }
        finally
        {
            output.IsHeld = false;
            gate.Exit();
        }
    }

    protected override void Dispose(bool disposing)
    {
        memory.Remove(this);
        lock (gate)
        {
            failure ??= new ObjectDisposedException(nameof(PackedPayloads));
            frame?.Dispose();
            frame = null;
            output.Dispose();
        }
    }

    private long Leave(bool isClosed)
    {
        lock (gate)
        {
            ThrowIfFailed();
            var before = output.Written;
            try
            {
                output.ThrowIfChanged();
                if (isHeldBack)
                {
                    frame?.Flush();
                    isHeldBack = false;
                }

                if (isClosed)
                {
                    EndFrame();
                }

                output.Spill();

                // The log's handle stays open, and what may be open at once is counted by that.
                output.CloseFile();
            }
            catch (Exception e)
            {
                throw Failed(e);
            }

            return output.Written - before;
        }
    }

    private void WriteContent(long number, in PayloadInParts payload)
    {
        var position = frame!.Position;
        if (places.Find(payload.Earlier) is { } earlier)
        {
            frame.WriteAgain(payload.First, earlier);
        }
        else
        {
            frame.Write(payload.First);
        }

        frame.Write(payload.Rest);
        places.Add(number, position);
    }

    // One in which what is repeated stands already begins with a payload whose place is not known, and takes it whole.
    private void Begin(in PayloadInParts payload)
    {
        var isFast = settings.Level <= MostFastLevel;
        var isRepeating = isFast && choice.Next(payload.Length, payload.Earlier > 0 ? payload.First.Length : 0);
        memory.Use(this, isRepeating ? HistoryFrame.MostMemory : PackedStorage.MemoryOf(settings.WindowLog));
        if (frame is not null && frame is HistoryFrame == isRepeating)
        {
            return;
        }

        EndFrame();
        places.Clear();
        frame = isRepeating
            ? new HistoryFrame(output, settings.WindowLog)
            : new ZstdWriter(output, settings.Level, settings.WindowLog, length: null, isFast, memory.Spares);
        if (!hasBegun)
        {
            frame.Write(TarHeader.Of(new TarEntry(prefix, 0), writtenAt));
            hasBegun = true;
        }
    }

    private void EndFrame()
    {
        frame?.End();
        frame?.Dispose();
        frame = null;
    }

    // What the library says is no failure of the disk, but it stops the stream in the same way.
    private Exception Failed(Exception e)
    {
        frame?.Dispose();
        frame = null;
        failure ??= e is IOException or UnauthorizedAccessException ? e : new IOException($"{output.Path}: cannot be compressed", e);
        return failure;
    }

    private void ThrowIfFailed()
    {
        if (failure is not null)
        {
            throw failure;
        }
    }
}
