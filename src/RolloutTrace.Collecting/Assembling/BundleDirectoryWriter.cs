using RolloutTrace.Bundle;
using RolloutTrace.Collecting.Journal;
using RolloutTrace.Records;

namespace RolloutTrace.Collecting.Assembling;

/// <summary>Writes what is in a journal as a bundle.</summary>
internal static class BundleDirectoryWriter
{
    /// <summary>Writes it.</summary>
    /// <param name="directory">The bundle's directory, which must not exist.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="index">Where everything is in it.</param>
    /// <exception cref="IOException">It cannot be written, or somebody has changed the journal.</exception>
    public static void Write(string directory, byte[] manifest, JournalFile journal, JournalIndex index)
    {
        PrivateFile.CreateDirectory(directory);
        var payloads = Path.Join(directory, BundleLayout.PayloadsDirectoryName);
        PrivateFile.CreateDirectory(payloads);
        foreach (var (number, payload) in index.Payloads)
        {
            using var file = Create(Path.Join(directory, AssemblyState.PathOf(number)));
            using var chunks = new ExtentStream(journal, payload.Extents(), default);
            if (PayloadJoin.Write(payload.Facts, chunks, file) is { } wrong)
            {
                throw new IOException($"{directory}: {AssemblyState.PathOf(number)} {wrong}, and did not when it came: somebody has changed the journal");
            }
        }

        using (var log = Create(Path.Join(directory, BundleLayout.EventLogFileName)))
        {
            foreach (var (_, extent) in index.Events.OrderBy(static line => line.Key))
            {
                log.Write(journal.ReadBody(extent));
                log.WriteByte((byte)'\n');
            }
        }

        using var identity = Create(Path.Join(directory, BundleLayout.ManifestFileName));
        identity.Write(manifest);
    }

    private static FileStream Create(string path) => new(PrivateFile.Create(path, fixMode: true), FileAccess.Write, bufferSize: 1 << 16);
}
