using RolloutTrace.Bundle;
using RolloutTrace.Collecting;
using RolloutTrace.Packing;
using RolloutTrace.Records;
using RolloutTrace.Stores;

namespace RolloutTrace.Receiver.Rollouts;

/// <summary>
/// One rollout that is open: its journal, one thread at a time. Several requests that add to it at the same time share one flush. Safe for concurrent use.
/// </summary>
/// <param name="bundle">The bundle's name.</param>
/// <param name="directory">Where its journal is.</param>
/// <param name="options">How it is put together.</param>
internal sealed class OpenBundle(string bundle, string directory, AssemblyOptions options) : IDisposable
{
    // Who has not heard an answer sends again at once, in several requests: what was packed is got once for them.
    private static readonly TimeSpan Repeats = TimeSpan.FromSeconds(10);

    private const string Resting = "packed";

    private readonly Lock adding = new();
    private readonly Lock flushing = new();
    private BundleAssembly? assembly;
    private long added;
    private long flushed;
    private long undone = -1;
    private bool isChanged;

    // Remembered, since the assembly may have to read its journal to know.
    private bool isWhole;
    private DateTimeOffset touched;

    public string Bundle => bundle;

    /// <summary>Whether somebody is to pack it already.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Before when it is not tried again; it could not be delivered.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>How often in a row it could not be delivered.</summary>
    public int Failures { get; set; }

    /// <summary>Whether it was packed and is open no more: who wants it opens it anew.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Whether what the store has of it is in it.</summary>
    public bool IsSeeded
    {
        get
        {
            lock (adding)
            {
                return assembly is { IsSeeded: true };
            }
        }
    }

    /// <summary>Opens the journal, if that was not done.</summary>
    /// <param name="packed">What was packed of it before; null if nothing was, as far as is known.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public void Open(Func<FetchedRollout?> packed)
    {
        lock (adding)
        {
            if (assembly is null && !IsGone)
            {
                // What is here from before has its share of what was packed too, or gets it when it is packed.
                var existed = BundleAssembly.IsOne(directory);
                var rested = IsResting(directory);
                using var before = existed ? null : packed();
                assembly = BundleAssembly.Open(directory, bundle, options);
                isChanged = existed && !rested;
                added = existed ? 1 : 0;
                flushed = added;
                File.Delete(Path.Join(directory, Resting));
                touched = options.Time.GetUtcNow();
                Seed(before);
                isWhole = assembly.IsWhole;
            }
        }
    }

    /// <summary>Adds records.</summary>
    /// <param name="records">The records.</param>
    /// <param name="rejections">Gets those that do not fit.</param>
    /// <returns>What <see cref="Flush"/> is to be asked for; null if it is gone.</returns>
    /// <exception cref="IOException">They cannot be written.</exception>
    public Addition? Add(List<BundleRecord> records, Rejections rejections)
    {
        lock (adding)
        {
            if (IsGone || assembly is null)
            {
                return null;
            }

            var accepted = 0;
            touched = options.Time.GetUtcNow();
            try
            {
                foreach (var record in records)
                {
                    var outcome = assembly.Add(record);
                    switch (outcome.Fate)
                    {
                        case RecordFate.Rejected:
                            rejections.Add(outcome.Reason ?? "it does not fit");
                            break;
                        case RecordFate.Accepted:
                            accepted++;
                            isWhole = assembly.IsWhole;
                            break;
                    }
                }
            }
            finally
            {
                // What was accepted before one that cannot be written is flushed with the next.
                added += accepted;
                isChanged |= accepted > 0;
            }

            return new Addition(added);
        }
    }

    /// <summary>Waits until what was added is safe.</summary>
    /// <exception cref="IOException">It is not.</exception>
    public void Flush(Addition addition)
    {
        lock (flushing)
        {
            // Those who wait here find it flushed, mostly: others add while the device is waited for, and the next flush is for all of them.
            if (StartFlush(addition) is not var (flush, upTo))
            {
                return;
            }

            try
            {
                flush?.Wait();
            }
            catch (ObjectDisposedException e)
            {
                // It was packed meanwhile, and flushed before that; or all ends, and nobody knows.
                lock (adding)
                {
                    ThrowIfUndone(upTo);
                    if (flushed < upTo)
                    {
                        throw new IOException($"{bundle}: was closed before the device had it", e);
                    }
                }

                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                lock (adding)
                {
                    TakeBack();
                }

                throw;
            }

            lock (adding)
            {
                ThrowIfUndone(upTo);
                if (flush is not null)
                {
                    assembly?.EndFlush(flush);
                }

                flushed = Math.Max(flushed, upTo);
            }
        }
    }

    /// <summary>Whether it is to be packed: it is whole, or nothing has come for long. Of one that was packed and has nothing new since, whether it is to be closed again.</summary>
    public bool IsDue(DateTimeOffset now, TimeSpan idle)
    {
        lock (adding)
        {
            return assembly is not null && now >= NotBefore
                && (isChanged ? isWhole || now - assembly.LastRecordAt >= idle : now - touched >= (idle < Repeats ? idle : Repeats));
        }
    }

    /// <summary>Whether there is anything that the store has not.</summary>
    public bool IsChanged
    {
        get
        {
            lock (adding)
            {
                return isChanged;
            }
        }
    }

    /// <summary>Whether something is missing.</summary>
    public bool HasHole
    {
        get
        {
            lock (adding)
            {
                return assembly is { Hole: not null };
            }
        }
    }

    /// <summary>How much was added so far.</summary>
    public long State
    {
        get
        {
            lock (adding)
            {
                return added;
            }
        }
    }

    /// <summary>Ends it if it has nothing, since all that was sent of it was rejected or could not be written.</summary>
    public bool TryEndEmpty()
    {
        lock (adding)
        {
            return !IsSeeded && !isChanged && added == 0 && TryEnd(added);
        }
    }

    /// <summary>Its key in the store; null if there is nothing that a bundle can be made of.</summary>
    public string? Key
    {
        get
        {
            lock (adding)
            {
                return assembly is { HasRecords: true } ? RolloutKey.Of(BundleName.DayOf(assembly.StartedAtUnixMs), bundle) : null;
            }
        }
    }

    /// <summary>Takes in what the store has, as if it had come first.</summary>
    public void SeedFrom(FetchedRollout packed)
    {
        lock (adding)
        {
            if (assembly is { IsSeeded: false })
            {
                Seed(packed);
                isWhole = assembly.IsWhole;
            }
        }
    }

    /// <summary>Packs it as it is.</summary>
    /// <returns>Its key, its state, for <see cref="TryEnd"/>, and what it lacks.</returns>
    public (string Key, long State, BundleHole? Hole) Pack(string path)
    {
        lock (adding)
        {
            ObjectDisposedException.ThrowIf(assembly is null, this);
            FlushAll();
            assembly.PackTo(path, PackOptions.Default, isKept: false);
            return (Key!, added, assembly.Hole);
        }
    }

    /// <summary>Whether a directory is the journal of a rollout that was packed with a hole, and is open no more.</summary>
    public static bool IsResting(string directory) => File.Exists(Path.Join(directory, Resting));

    /// <summary>When a rollout was packed with a hole.</summary>
    public static DateTimeOffset RestingSince(string directory) => new(File.GetLastWriteTimeUtc(Path.Join(directory, Resting)), TimeSpan.Zero);

    /// <summary>Ends it, if nothing was added since it was packed.</summary>
    /// <param name="state">What it was then.</param>
    /// <param name="rests">
    /// Whether its journal stays, since it has a hole: of a payload that did not come whole the chunks that came are nowhere else.
    /// </param>
    public bool TryEnd(long state, bool rests = false)
    {
        lock (adding)
        {
            if (added != state)
            {
                return false;
            }

            IsGone = true;
            if (rests)
            {
                File.WriteAllText(Path.Join(directory, Resting), "");
            }
            else
            {
                assembly?.Delete();
            }

            assembly?.Dispose();
            assembly = null;
            return true;
        }
    }

    /// <summary>Gives its file and its memory back until it is wanted again, unless somebody has it.</summary>
    public void Rest()
    {
        if (adding.TryEnter())
        {
            try
            {
                if (added == flushed)
                {
                    assembly?.Close();
                }
            }
            finally
            {
                adding.Exit();
            }
        }
    }

    public void Dispose()
    {
        lock (adding)
        {
            IsGone = true;
            assembly?.Dispose();
            assembly = null;
        }
    }

    // Null if it is flushed.
    private (StartedFlush? Flush, long UpTo)? StartFlush(Addition addition)
    {
        lock (adding)
        {
            ThrowIfUndone(addition.Number);
            if (addition.Number <= flushed || assembly is null)
            {
                return null;
            }

            try
            {
                return (assembly.StartFlush(), added);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                TakeBack();
                throw;
            }
        }
    }

    private void FlushAll()
    {
        try
        {
            assembly!.Flush();
            flushed = added;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TakeBack();
            throw;
        }
    }

    // What was added and not flushed is gone, also what came while the device was waited for: all who wait are told so.
    private void TakeBack()
    {
        undone = flushed = added;
        if (assembly is not null)
        {
            assembly.TakeBack();
            isWhole = IsWholeAfterAll(assembly);
        }
    }

    private void ThrowIfUndone(long number)
    {
        if (number <= undone)
        {
            throw new IOException($"{bundle}: could not be written, with what came at the same time");
        }
    }

    private static bool IsWholeAfterAll(BundleAssembly assembly)
    {
        try
        {
            return assembly.IsWhole;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // With what comes it is known again.
            return false;
        }
    }

    private void Seed(FetchedRollout? packed)
    {
        if (packed is null)
        {
            return;
        }

        if (Directory.Exists(packed.Path))
        {
            assembly!.Seed(BundleFiles.InDirectory(packed.Path));
        }
        else
        {
            using var files = PackedBundle.Open(packed.Path);
            assembly!.Seed(files);
        }

        added++;
    }
}

/// <summary>What a request has added.</summary>
/// <param name="Number">How much had been added by then.</param>
internal readonly record struct Addition(long Number);
