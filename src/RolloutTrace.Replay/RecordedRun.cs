using System.Text.Json;
using System.Text.RegularExpressions;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Comparing;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;
using RolloutTrace.Replay.Answers;
using RolloutTrace.Replay.Requests;

namespace RolloutTrace.Replay;

/// <summary>
/// A recorded rollout that can be played again. Its requests are read when it is opened, its answers when they are asked for. Safe for
/// concurrent use until it is disposed; clients and functions of one recording can be as many as are wanted, and each begins anew.
/// </summary>
public sealed class RecordedRun : IDisposable
{
    private readonly IDisposable? files;

    private RecordedRun(OpenRollout rollout, IReadOnlyList<Regex> patterns, IDisposable? files)
    {
        this.files = files;
        Rollout = rollout;
        StartedAtUnixMs = rollout.Graph.StartedAtUnixMs;
        Texts = new CanonicalTexts(new VolatileText(rollout.Graph, patterns), StartedAtUnixMs);
        Reader = new RequestReader(Texts);
        Requests = new RecordedRequests(this);
    }

    /// <summary>What was recorded.</summary>
    public OpenRollout Rollout { get; }

    /// <summary>What a run that is played from it says of itself: <see cref="BundleManifest.ReplayedFrom"/>.</summary>
    public ReplayOrigin Origin => new() { TraceId = Rollout.Graph.TraceId, RolloutId = Rollout.Graph.RolloutId };

    internal long StartedAtUnixMs { get; }

    internal CanonicalTexts Texts { get; }

    internal RequestReader Reader { get; }

    internal RecordedRequests Requests { get; }

    /// <summary>Opens a bundle: a directory, or a packed file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="volatiles">What is never the same in two runs, beside ids, times, durations, temporary names and ports; null for nothing.</param>
    /// <exception cref="BundleException">It is no bundle, or cannot be read.</exception>
    public static RecordedRun Open(string path, IEnumerable<Regex>? volatiles = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var files = PackedBundle.IsPacked(path) ? PackedBundle.Open(path) : PackedRecording.FilesOf(path);
        try
        {
            return new RecordedRun(OpenRollout.Open(BundleReader.Open(files)), [.. volatiles ?? []], files as IDisposable);
        }
        catch
        {
            (files as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>Takes a bundle that is open; it is the caller's to close.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="volatiles">As above.</param>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    public static RecordedRun Of(BundleReader bundle, IEnumerable<Regex>? volatiles = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return new RecordedRun(OpenRollout.Open(bundle), [.. volatiles ?? []], files: null);
    }

    /// <summary>Looks at a payload; at none that cannot be read.</summary>
    internal void ReadPayload(PayloadReference? payload, Action<JsonElement> read) => Rollout.Payloads?.Document(payload, document =>
    {
        read(document);
        return "";
    });

    /// <summary>Closes what was opened.</summary>
    public void Dispose() => files?.Dispose();
}
