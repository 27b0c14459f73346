using RolloutTrace.Bundle;
using RolloutTrace.Collecting.Journal;

namespace RolloutTrace.Collecting.Assembling;

/// <summary>What is in a journal, as the files of a bundle; nothing is written for it. As long as nobody appends to the journal.</summary>
/// <param name="bundle">The bundle's name.</param>
/// <param name="place">The journal's directory, for messages.</param>
/// <param name="manifest">The manifest.</param>
/// <param name="journal">The journal.</param>
/// <param name="index">Where everything is in it.</param>
internal sealed class JournalFiles(string bundle, string place, byte[] manifest, JournalFile journal, JournalIndex index) : BundleFiles
{
    public override string Name => bundle;

    public override string DisplayName => place;

    public override bool Exists(string name) => name is BundleLayout.ManifestFileName or BundleLayout.EventLogFileName || PayloadOf(name) is not null;

    public override long GetLength(string name) => name switch
    {
        BundleLayout.ManifestFileName => manifest.Length,
        BundleLayout.EventLogFileName => index.Events.Values.Sum(static line => line.Length + 1L),
        _ => Payload(name).Facts.Bytes,
    };

    public override IEnumerable<BundleFile> List(string directory) => directory.TrimEnd('/') switch
    {
        "" => [new BundleFile(BundleLayout.ManifestFileName, manifest.Length), new BundleFile(BundleLayout.EventLogFileName, GetLength(BundleLayout.EventLogFileName))],
        BundleLayout.PayloadsDirectoryName => index.Payloads.Select(static payload => new BundleFile(AssemblyState.PathOf(payload.Key), payload.Value.Facts.Bytes)),
        _ => [],
    };

    public override Stream OpenRead(string name) => name switch
    {
        BundleLayout.ManifestFileName => new MemoryStream(manifest, writable: false),
        BundleLayout.EventLogFileName => Extents([.. index.Events.OrderBy(static line => line.Key).Select(static line => (Extent?)line.Value)], asLines: true),
        _ => new PayloadStream(Payload(name).Facts, Extents(Payload(name).Extents()), DisplayNameOf(name)),
    };

    public override BundleWriterState FindWriter(string? lockId) => BundleWriterState.Unknown;

    private ExtentStream Extents(IReadOnlyList<Extent?> extents, bool asLines = false) => new(new JournalReader(journal), extents, asLines: asLines);

    private OpenPayload? PayloadOf(string name) => EventLine.NumberOf(name) is { } number ? index.Payloads.GetValueOrDefault(number) : null;

    private OpenPayload Payload(string name) => PayloadOf(name) ?? throw new BundleException($"{DisplayNameOf(name)}: there is no such file");
}
