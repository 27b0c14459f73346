using RolloutTrace.Bundle;
using RolloutTrace.Collecting;
using RolloutTrace.Import.Writing;
using RolloutTrace.Records;

namespace RolloutTrace.Import.Records;

/// <summary>The bundles of a run that come as records: put together beside their places, and moved there when all files have been read.</summary>
internal sealed class RecordedBundles(ImportRun run)
{
    private const string Format = "records";
    private const int MaxOpen = 256;

    private readonly Dictionary<string, (BundleAssembly Assembly, string Source)> bundles = new(StringComparer.Ordinal);
    private readonly HashSet<BundleAssembly> open = [];
    private readonly string work = Path.Join(run.Output, $".records.{Environment.ProcessId}.import");

    /// <summary>How many records were taken, those that came again among them.</summary>
    public long Count { get; private set; }

    /// <summary>Takes a record.</summary>
    /// <returns>Why it is passed over; null if it is not.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public string? Add(BundleRecord record, string source)
    {
        if (!bundles.TryGetValue(record.Bundle, out var found))
        {
            bundles[record.Bundle] = found = (BundleAssembly.Open(
                Path.Join(work, record.Bundle), record.Bundle, AssemblyOptions.Default with { IsDurable = false, Limits = run.Limits }), source);
        }

        if (open.Add(found.Assembly) && open.Count > MaxOpen)
        {
            foreach (var other in open)
            {
                other.Close();
            }

            open.Clear();
        }

        var outcome = found.Assembly.Add(record);
        Count += outcome.Fate == RecordFate.Rejected ? 0 : 1;
        return outcome.Reason;
    }

    /// <summary>Writes them all, and names what is missing.</summary>
    public void Complete()
    {
        foreach (var (assembly, source) in bundles.Values.OrderBy(static bundle => bundle.Assembly.Bundle, StringComparer.Ordinal))
        {
            using (assembly)
            {
                Complete(assembly, source);
            }
        }

        bundles.Clear();
        BestEffort.DeleteDirectory(work);
    }

    private void Complete(BundleAssembly assembly, string source)
    {
        if (!assembly.HasRecords)
        {
            return;
        }

        var place = Path.Join(run.Output, assembly.Bundle);
        var beside = Path.Join(work, $"{assembly.Bundle}.bundle");
        try
        {
            Merge(assembly, place);
            assembly.WriteTo(beside);
            if (Directory.Exists(place))
            {
                Directory.Delete(place, recursive: true);
            }

            Directory.Move(beside, place);
            run.Add(RolloutOf(place));
            if (assembly.Hole is { } hole)
            {
                run.Diagnostics.Add(ImportSeverity.Warning, ImportCodes.RecordsMissing, source, line: null, $"gives {assembly.Bundle}, which {hole}");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BundleException)
        {
            run.Unwritable(assembly.RolloutId ?? assembly.Bundle, source, e);
        }
    }

    // What is there may be more than what came, and is not lost for it.
    private static void Merge(BundleAssembly assembly, string place)
    {
        if (File.Exists(place))
        {
            throw new IOException($"{place}: is there already, and is no bundle");
        }

        if (!Directory.Exists(place))
        {
            return;
        }

        var there = BundleReader.Open(place);
        if (BundleName.Of(there.Manifest) != assembly.Bundle)
        {
            throw new IOException($"{place}: is there already, and is another bundle");
        }

        assembly.Seed(there.Files);
    }

    private static ImportedRollout RolloutOf(string place)
    {
        var (bundle, counts) = (BundleReader.Open(place), new BundleCounts());
        foreach (var line in bundle.ReadEvents())
        {
            if (line.Event is { } known)
            {
                counts.Add(known.Payload);
            }
        }

        return new ImportedRollout
        {
            Bundle = place,
            Format = Format,
            RolloutId = bundle.Manifest.RolloutId,
            StartedAtUnixMs = bundle.Manifest.StartedAtUnixMs,
            HasEnded = counts.HasEnded,
            Threads = counts.Threads,
            Turns = counts.Turns,
            Requests = counts.Requests,
            ToolCalls = counts.ToolCalls,
        };
    }
}
