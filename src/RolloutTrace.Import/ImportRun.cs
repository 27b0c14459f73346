using RolloutTrace.Bundle;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Import.Writing;

namespace RolloutTrace.Import;

/// <summary>What the importers of a run share: where bundles go, the limits, and what is to be told in the end.</summary>
internal sealed class ImportRun(string output, ImportOptions options)
{
    private readonly List<ImportedRollout> rollouts = [];
    private readonly OpenBundles open = new();
    private readonly HashSet<string> written = new(StringComparer.Ordinal);

    /// <summary>The directory that gets the bundles.</summary>
    public string Output => output;

    public BundleReaderOptions Limits => options.Limits;

    /// <summary>How many bytes of what one log says, or the spans of an export, are kept in memory; the rest is put aside.</summary>
    public long InMemory { get; init; } = LogSpool.DefaultInMemory;

    public DiagnosticLog Diagnostics { get; } = new();

    /// <summary>A run with the same limits that nobody hears of: for a look through a file before it is read.</summary>
    public ImportRun Silent() => new(output, options);

    /// <summary>Creates the bundle of a rollout; null, with a diagnostic, if that cannot be done.</summary>
    /// <param name="manifest">Its identity.</param>
    /// <param name="source">The file that diagnostics name.</param>
    public ImportedBundle? CreateBundle(BundleManifest manifest, string source)
    {
        if (!written.Add(manifest.TraceId))
        {
            Diagnostics.Add(ImportSeverity.Error, ImportCodes.RolloutRepeated, source, line: null, $"holds rollout {manifest.RolloutId}, which another file has given already");
            return null;
        }

        try
        {
            return ImportedBundle.Create(output, manifest, open);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Unwritable(manifest.RolloutId, source, e);
            return null;
        }
    }

    /// <summary>Puts a bundle into its place, and tells of it.</summary>
    public void Complete(ImportedBundle bundle, string format, string source)
    {
        try
        {
            var directory = bundle.Complete();
            rollouts.Add(new ImportedRollout
            {
                Bundle = directory,
                Format = format,
                RolloutId = bundle.Manifest.RolloutId,
                StartedAtUnixMs = bundle.Manifest.StartedAtUnixMs,
                HasEnded = bundle.Counts.HasEnded,
                Threads = bundle.Counts.Threads,
                Turns = bundle.Counts.Turns,
                Requests = bundle.Counts.Requests,
                ToolCalls = bundle.Counts.ToolCalls,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BundleException)
        {
            Unwritable(bundle.Manifest.RolloutId, source, e);
        }
    }

    /// <summary>Tells of a rollout whose bundle is in its place.</summary>
    public void Add(ImportedRollout rollout) => rollouts.Add(rollout);

    public ImportResult Result() => new()
    {
        Rollouts = [.. rollouts.OrderBy(static rollout => rollout.StartedAtUnixMs).ThenBy(static rollout => rollout.RolloutId, StringComparer.Ordinal)],
        Diagnostics = Diagnostics.ToList(),
    };

    /// <summary>Tells of a rollout whose bundle cannot be written.</summary>
    public void Unwritable(string rolloutId, string source, Exception e) =>
        Diagnostics.Add(ImportSeverity.Error, ImportCodes.BundleUnwritable, source, line: null, $"gives rollout {rolloutId}, whose bundle cannot be written: {e.Message}");
}
