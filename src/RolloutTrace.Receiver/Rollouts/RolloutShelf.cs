using System.Collections.Concurrent;
using RolloutTrace.Bundle;
using RolloutTrace.Collecting;
using RolloutTrace.Receiver.Delivery;
using RolloutTrace.Receiver.Protocol;
using RolloutTrace.Records;
using RolloutTrace.Stores;

namespace RolloutTrace.Receiver.Rollouts;

/// <summary>The rollouts that are open, of records. Safe for concurrent use.</summary>
internal sealed class RolloutShelf : IDisposable
{
    private const int AtWork = 256;

    private static readonly TimeSpan Resting = TimeSpan.FromDays(1);

    private static readonly ParallelOptions Flushing = new() { MaxDegreeOfParallelism = 16 };

    private readonly string directory;
    private readonly OpenLimit limit;
    private readonly PackedIndex packed;
    private readonly RolloutDelivery delivery;
    private readonly AssemblyOptions options;
    private readonly CancellationToken stop;
    private readonly ConcurrentDictionary<string, OpenBundle> open = new(StringComparer.Ordinal);
    private readonly Recent<OpenBundle> recent = new(AtWork);

    public RolloutShelf(string spool, OpenLimit limit, RolloutDelivery delivery, TimeProvider time, CancellationToken stop)
    {
        directory = Path.Join(spool, "rollouts");
        PrivateFile.CreateDirectory(directory);
        packed = new PackedIndex(Path.Join(spool, "packed"));
        (this.limit, this.delivery, this.stop) = (limit, delivery, stop);
        options = new AssemblyOptions { Time = time };
    }

    /// <summary>All that are open.</summary>
    public IEnumerable<OpenBundle> All => open.Values;

    /// <summary>Goes on with those that were open when the process before ended.</summary>
    public void Reopen(Trouble trouble) =>
        Parallel.ForEach(Directory.EnumerateDirectories(directory).Where(static place => BundleAssembly.IsOne(place) && !OpenBundle.IsResting(place)), place =>
        {
            var bundle = new OpenBundle(Path.GetFileName(place), place, options);
            try
            {
                bundle.Open(static () => null);
                bundle.Rest();
                limit.Reopen();
                open[bundle.Bundle] = bundle;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or BundleException)
            {
                trouble.Tell($"{place}: cannot be opened, and stays: {e.Message}");
                bundle.Dispose();
            }
        });

    /// <summary>Takes the records of a request.</summary>
    /// <param name="message">The request.</param>
    /// <param name="isJson">Whether it is JSON, not protobuf.</param>
    /// <param name="hasOthers">Whether there are log records in it that are none of ours.</param>
    public ExportAnswer Take(ReadOnlyMemory<byte> message, bool isJson, out bool hasOthers)
    {
        hasOthers = false;
        var rejections = new Rejections();
        Dictionary<string, List<BundleRecord>> batch;
        try
        {
            batch = Read(message, isJson, rejections, ref hasOthers);
        }
        catch (InvalidDataException e)
        {
            return new ExportAnswer(ExportFate.NoOtlp, $"it is no ExportLogsServiceRequest: {e.Message}");
        }

        var touched = new List<(OpenBundle Bundle, Addition Addition)>(batch.Count);
        string? unwritable = null;
        var full = 0;
        foreach (var (name, records) in batch)
        {
            try
            {
                full += Add(name, records, rejections, touched) ? 0 : 1;
            }
            catch (Exception e) when (IsForNow(e))
            {
                unwritable ??= e.Message;
            }
        }

        unwritable = Flush(touched) ?? unwritable;
        return unwritable is not null ? new ExportAnswer(ExportFate.Unwritable, unwritable)
            : full > 0 ? new ExportAnswer(ExportFate.Busy, $"{limit.Count} rollouts are open, and {full} more would be; those that are open were taken")
            : new ExportAnswer(ExportFate.Taken, rejections.ToString(), rejections.Count);
    }

    /// <summary>Deletes the journals of rollouts that were packed with a hole a day ago, and of which nothing has come since.</summary>
    public void ForgetResting(DateTimeOffset now)
    {
        foreach (var place in Directory.EnumerateDirectories(directory).Where(place => OpenBundle.IsResting(place) && now - OpenBundle.RestingSince(place) > Resting))
        {
            if (Find(Path.GetFileName(place)) is { } bundle)
            {
                bundle.Open(static () => null);
                if (!bundle.IsChanged && bundle.TryEnd(bundle.State))
                {
                    Forget(bundle);
                }
            }
        }
    }

    /// <summary>One was packed and is open no more.</summary>
    public void Forget(OpenBundle bundle)
    {
        if (open.TryRemove(new KeyValuePair<string, OpenBundle>(bundle.Bundle, bundle)))
        {
            limit.Close();
        }
    }

    /// <summary>Remembers where one was put.</summary>
    public void Remember(string bundle, string key)
    {
        if (RolloutKey.TryParse(key, out var day, out _))
        {
            packed.Add(bundle, day);
        }
    }

    public void Dispose()
    {
        foreach (var bundle in open.Values)
        {
            bundle.Dispose();
        }

        packed.Dispose();
    }

    private static bool IsForNow(Exception e) => e is IOException or UnauthorizedAccessException or StoreException or BundleException;

    private static Dictionary<string, List<BundleRecord>> Read(ReadOnlyMemory<byte> message, bool isJson, Rejections rejections, ref bool hasOthers)
    {
        var batch = new Dictionary<string, List<BundleRecord>>(StringComparer.Ordinal);
        foreach (var fields in isJson ? OtlpLogs.ReadJson(message) : OtlpLogs.ReadProtobuf(message))
        {
            if (fields.ToRecord(out var refused) is not { } record)
            {
                // What is neither is a log record of somebody else's, which may be a message of a model's.
                hasOthers |= refused is null;
                if (refused is not null)
                {
                    rejections.Add(refused);
                }
            }
            else if (!BundleName.IsValid(record.Bundle))
            {
                rejections.Add($"'{record.Bundle}' is no bundle's name");
            }
            else if (batch.TryGetValue(record.Bundle, out var records))
            {
                records.Add(record);
            }
            else
            {
                batch.Add(record.Bundle, [record]);
            }
        }

        return batch;
    }

    // False if there may be no more.
    private bool Add(string name, List<BundleRecord> records, Rejections rejections, List<(OpenBundle Bundle, Addition Addition)> touched)
    {
        while (Find(name) is { } bundle)
        {
            try
            {
                bundle.Open(() => Before(name));
                if (bundle.Add(records, rejections) is { } addition)
                {
                    touched.Add((bundle, addition));
                    return true;
                }
            }
            catch
            {
                EndIfEmpty(bundle);
                throw;
            }

            // It was packed meanwhile: then it is opened again, with what was packed.
            Forget(bundle);
        }

        return false;
    }

    private OpenBundle? Find(string name)
    {
        while (true)
        {
            if (open.TryGetValue(name, out var known))
            {
                return known;
            }

            if (!limit.TryOpen())
            {
                return null;
            }

            var bundle = new OpenBundle(name, Path.Join(directory, name), options);
            if (open.TryAdd(name, bundle))
            {
                return bundle;
            }

            limit.Close();
        }
    }

    private FetchedRollout? Before(string name) =>
        packed.DayOf(name) is { } day ? delivery.FindAsync(RolloutKey.Of(day, name), stop).GetAwaiter().GetResult() : null;

    private string? Flush(List<(OpenBundle Bundle, Addition Addition)> touched)
    {
        string? unwritable = null;
        void One((OpenBundle Bundle, Addition Addition) one)
        {
            try
            {
                one.Bundle.Flush(one.Addition);
                if (recent.Touch(one.Bundle) is { } longest)
                {
                    longest.Rest();
                }
            }
            catch (Exception e) when (IsForNow(e))
            {
                Interlocked.CompareExchange(ref unwritable, e.Message, null);
            }

            EndIfEmpty(one.Bundle);
        }

        if (touched.Count == 1)
        {
            One(touched[0]);
        }
        else
        {
            Parallel.ForEach(touched, Flushing, One);
        }

        return unwritable;
    }

    // What was rejected opens nothing.
    private void EndIfEmpty(OpenBundle bundle)
    {
        if (bundle.TryEndEmpty())
        {
            Forget(bundle);
        }
    }
}
