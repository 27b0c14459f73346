using RolloutTrace.Bundle;

namespace RolloutTrace.Joining.Writing;

/// <summary>The files of the joined bundle, for their owner alone. The manifest comes last: without it nobody takes the directory for a bundle.</summary>
internal sealed class BundleFilesWriter : IDisposable
{
    private readonly string directory;
    private readonly FileStream log;
    private readonly PayloadPath paths;

    public BundleFilesWriter(string directory)
    {
        this.directory = Path.GetFullPath(directory);
        PrivateFile.CreateDirectory(this.directory);
        PrivateFile.CreateDirectory(Path.Join(this.directory, BundleLayout.PayloadsDirectoryName));
        paths = new PayloadPath(this.directory);
        log = new FileStream(PrivateFile.Create(Path.Join(this.directory, BundleLayout.EventLogFileName), fixMode: true), FileAccess.Write, bufferSize: 1 << 16);
    }

    public long Payloads { get; private set; }

    /// <summary>Writes a line of the log.</summary>
    public void WriteLine(ReadOnlySpan<byte> line)
    {
        log.Write(line);
        log.WriteByte((byte)'\n');
    }

    /// <summary>Writes a payload.</summary>
    public void WritePayload(long number, ReadOnlySpan<byte> payload)
    {
        PayloadFile.WriteNew(paths.Of(number), payload, fixMode: true);
        Payloads++;
    }

    /// <summary>Writes the manifest; nothing comes afterwards.</summary>
    public void Complete(BundleManifest manifest)
    {
        log.Dispose();
        using var file = PrivateFile.Create(Path.Join(directory, BundleLayout.ManifestFileName), fixMode: true);
        PrivateFile.Write(file, manifest.ToUtf8Json(), offset: 0);
    }

    public void Dispose() => log.Dispose();
}
