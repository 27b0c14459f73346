using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Lake;
using RolloutTrace.Packing;
using RolloutTrace.Reducer;
using RolloutTrace.Stores;

namespace RolloutTrace.Fleet;

/// <summary>
/// Reduces a rollout of a store, tolerantly, and puts its tables into a lake. Done again it changes nothing. What goes wrong is the outcome, and never an
/// exception. Safe for concurrent use.
/// </summary>
/// <param name="store">Where the rollouts are.</param>
/// <param name="lake">Where the tables go.</param>
/// <param name="time">The clock that tells how long a rollout without an end has been silent; null for the system's.</param>
public sealed class RolloutWorker(RolloutStore store, RolloutLake lake, TimeProvider? time = null)
{
    // Who is replaced while it is read, again and again, is read on its next message.
    private const int MostReplaced = 10;

    /// <summary>Reduces one.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public async Task<WorkOutcome> ReduceAsync(string key, CancellationToken cancellation = default)
    {
        if (!RolloutKey.TryParse(key, out var day, out var bundle))
        {
            throw new ArgumentException($"'{key}' is no rollout's key", nameof(key));
        }

        if (RolloutLake.IsReserved(bundle))
        {
            return new WorkOutcome(key, WorkOutcomeKind.Unreadable) { Detail = $"{key}: '{bundle}' is a name of the lake's own" };
        }

        try
        {
            for (var i = 1; ; i++)
            {
                using var fetched = await store.GetAsync(key, cancellation).ConfigureAwait(false);
                var outcome = await ReduceAsync(key, day, bundle, fetched).ConfigureAwait(false);

                // Whoever put it meanwhile may have been read and written before this one: what stays in the lake is what is in the store.
                if (outcome.Kind != WorkOutcomeKind.Done || i == MostReplaced
                    || await store.FindAsync(key, cancellation).ConfigureAwait(false) is not { } now || now.Version == fetched.Version)
                {
                    return outcome;
                }
            }
        }
        catch (StoreException e)
        {
            return new WorkOutcome(key, e.Kind == StoreExceptionKind.NoObject ? WorkOutcomeKind.Missing : WorkOutcomeKind.OutOfReach) { Detail = e.Message };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The one place where a rollout's failure is contained, a defect of the reducer included: the others must not suffer.
            return new WorkOutcome(key, WorkOutcomeKind.Failed) { Detail = $"{key}: {(e is IOException or UnauthorizedAccessException ? e.Message : $"{e.GetType().Name}: {e.Message}")}" };
        }
    }

    private async Task<WorkOutcome> ReduceAsync(string key, string day, string bundle, FetchedRollout fetched)
    {
        IReadOnlyList<TableFile> tables;
        int defects;
        try
        {
            (tables, defects) = await ReadAsync(bundle, fetched.Path).ConfigureAwait(false);
        }
        catch (Exception e) when (e is BundleException or ReductionException)
        {
            // Where it was put to be read is nobody's business.
            return new WorkOutcome(key, WorkOutcomeKind.Unreadable) { Detail = e.Message.Replace(fetched.Path, key, StringComparison.Ordinal) };
        }

        try
        {
            await lake.PutAsync(bundle, day, tables).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new WorkOutcome(key, await lake.Files.IsWritableAsync().ConfigureAwait(false) ? WorkOutcomeKind.Failed : WorkOutcomeKind.OutOfReach) { Detail = $"{lake.Place}: {key} cannot be written: {e.Message.Replace($"{lake.Place}: ", "", StringComparison.Ordinal)}" };
        }

        var file = new FileInfo(fetched.Path);
        return new WorkOutcome(key, WorkOutcomeKind.Done) { Rows = tables.Sum(static table => (long)table.Rows), Bytes = file.Exists ? file.Length : 0, Defects = defects };
    }

    private async Task<(IReadOnlyList<TableFile> Tables, int Defects)> ReadAsync(string bundle, string path)
    {
        var files = Directory.Exists(path) ? PackedRecording.FilesOf(path) : PackedBundle.Open(path);
        using (files as IDisposable)
        {
            var rollout = OpenRollout.Open(BundleReader.Open(files), new OpenRolloutOptions { Time = time ?? TimeProvider.System });
            return (await RolloutTables.WriteAsync(rollout, bundle).ConfigureAwait(false), rollout.Diagnostics.Count);
        }
    }
}
