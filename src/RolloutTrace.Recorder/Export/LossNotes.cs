using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Diagnostics;

namespace RolloutTrace.Recorder.Export;

/// <summary>
/// Has bundles say what was lost of them: when the loss begins, from time to time while it goes on, and at the end. Nobody waits
/// for it long: where a note cannot be written, or not in time, the bundle has an older one or none. Safe for concurrent use.
/// </summary>
internal sealed class LossNotes
{
    // Of the bundles that were stopped, so many latest ones are kept up to date.
    private const int MaxBundles = 1024;
    private const long UpdateAfterMilliseconds = 5000;
    private const long MillisecondsABatch = 10;

    private readonly Queue<Entry> entries = new();
    private readonly Lock writing = new();
    private long writtenAt;
    private volatile bool hasNew;

    /// <summary>From now on the bundle says what is lost of it.</summary>
    public void Add(OpenBundle bundle)
    {
        lock (entries)
        {
            entries.Enqueue(new Entry(bundle));
            if (entries.Count > MaxBundles)
            {
                entries.Dequeue();
            }
        }

        hasNew = true;
    }

    /// <summary>Writes notes behind a batch: new ones, and at times all that are not up to date; as many as take no time to speak of.</summary>
    public void WriteSome()
    {
        var now = Environment.TickCount64;
        if (hasNew || now - writtenAt >= UpdateAfterMilliseconds)
        {
            hasNew = !Write(now + MillisecondsABatch);
            writtenAt = now;
        }
    }

    /// <summary>Writes all that are not up to date, on a thread of its own, since the disk may stand still.</summary>
    /// <param name="timeoutMilliseconds">How long to wait for it.</param>
    public void WriteAll(int timeoutMilliseconds)
    {
        if (!IsAnyStale())
        {
            return;
        }

        var end = Environment.TickCount64 + timeoutMilliseconds;
        var thread = new Thread(() => Write(end)) { IsBackground = true, Name = "RolloutTrace loss notes" };
        thread.UnsafeStart();
        thread.Join(timeoutMilliseconds);
    }

    private bool IsAnyStale()
    {
        lock (entries)
        {
            return entries.Any(static entry => entry.IsStale);
        }
    }

    /// <returns>Whether it came to the last of them in time.</returns>
    private bool Write(long end)
    {
        lock (writing)
        {
            var left = Count();
            for (; left > 0 && Environment.TickCount64 < end && Next() is { } entry; left--)
            {
                if (entry.Write())
                {
                    lock (entries)
                    {
                        entries.Enqueue(entry);
                    }
                }
            }

            return left <= 0;
        }
    }

    private int Count()
    {
        lock (entries)
        {
            return entries.Count;
        }
    }

    private Entry? Next()
    {
        lock (entries)
        {
            return entries.TryDequeue(out var entry) ? entry : null;
        }
    }

    private sealed class Entry(OpenBundle bundle)
    {
        private long noted;

        public bool IsStale => bundle.Bundle.Recording.Lost != noted;

        /// <returns>False if it needs no more notes, since there is nothing left to write them to.</returns>
        public bool Write()
        {
            var recording = bundle.Bundle.Recording;
            var lost = recording.Lost;
            if (lost == noted)
            {
                return true;
            }

            try
            {
                bundle.WriteNote(new BundleLoss { Cause = StopCauses.Name(recording.StopCause), Events = lost });
                noted = lost;
                return true;
            }
            catch (DirectoryNotFoundException)
            {
                return false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A disk that is full or read-only now may not be so later.
                return true;
            }
        }
    }
}
