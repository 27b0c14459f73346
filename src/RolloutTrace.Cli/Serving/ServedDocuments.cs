using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Viewer;

namespace RolloutTrace.Cli;

/// <summary>The documents of rollouts' pages, made when they are asked for and kept until the bundle is another. One is made at a time.</summary>
internal sealed class ServedDocuments(RolloutCatalog catalog, TimeProvider time)
{
    private const int Most = 3;

    private readonly Lock gate = new();
    private readonly LinkedList<Entry> recent = [];

    /// <summary>What is another as soon as the rollout's documents are.</summary>
    public string Stamp(string name)
    {
        try
        {
            return BundleStamp.Of(catalog.Find(name));
        }
        catch (QueryException)
        {
            return BundleStamp.Gone;
        }
    }

    /// <summary>What the page shows, as JSON that is compressed with gzip, and its stamp.</summary>
    /// <exception cref="QueryException">There is no such rollout.</exception>
    /// <exception cref="BundleException">It cannot be read.</exception>
    public (string Stamp, byte[] Packed) Data(string name)
    {
        lock (gate)
        {
            var entry = Open(name);
            return (entry.Stamp, entry.Data ??= Packed(stream => RolloutPage.WriteDocument(entry.Rollout, stream)));
        }
    }

    /// <summary>The evidence, likewise.</summary>
    /// <inheritdoc cref="Data"/>
    public (string Stamp, byte[] Packed) Evidence(string name)
    {
        lock (gate)
        {
            var entry = Open(name);
            return (entry.Stamp, entry.Evidence ??= Packed(stream => RolloutPage.WriteEvidence(entry.Rollout, stream)));
        }
    }

    private Entry Open(string name)
    {
        var meant = catalog.Find(name);
        if (meant.Problem is { } problem)
        {
            throw new QueryException(problem);
        }

        // Taken before the log is read: what is written meanwhile is another's.
        var stamp = BundleStamp.Of(meant);
        var entry = recent.FirstOrDefault(known => known.Name == meant.Name);
        if (entry is not null)
        {
            recent.Remove(entry);
        }

        if (entry is null || entry.Stamp != stamp)
        {
            entry?.Opened.Dispose();
            var opened = meant.Open();
            try
            {
                entry = new Entry(meant.Name, stamp, opened, meant.Reduce(opened, time));
            }
            catch
            {
                opened.Dispose();
                throw;
            }
        }

        recent.AddFirst(entry);
        if (recent.Count > Most)
        {
            recent.Last!.Value.Opened.Dispose();
            recent.RemoveLast();
        }

        return entry;
    }

    private static byte[] Packed(Action<Stream> write)
    {
        using var packed = new MemoryStream();
        write(packed);
        return packed.ToArray();
    }

    private sealed record Entry(string Name, string Stamp, OpenedBundle Opened, OpenRollout Rollout)
    {
        public byte[]? Data { get; set; }

        public byte[]? Evidence { get; set; }
    }
}
