using System.IO.Enumeration;

namespace RolloutTrace.Bundle;

/// <summary>
/// Reads a bundle: its manifest at once, its events one by one, its payloads on demand. It never reads a byte
/// outside the bundle and never holds the log in memory. Safe for concurrent use.
/// </summary>
public sealed class BundleReader
{
    private readonly BundleReaderOptions options;

    private BundleReader(BundleFiles files, BundleManifest manifest, BundleReaderOptions options)
    {
        this.options = options;
        Files = files;
        Manifest = manifest;
    }

    /// <summary>Identity and layout of the bundle.</summary>
    public BundleManifest Manifest { get; }

    /// <summary>The files of the bundle.</summary>
    public BundleFiles Files { get; }

    /// <summary>The bundle's own name, that of its directory or archive.</summary>
    public string Name => Files.Name;

    /// <summary>Where the bundle is, for messages: the full path of a directory or archive.</summary>
    public string DisplayName => Files.DisplayName;

    /// <summary>The event log, for messages.</summary>
    public string EventLogName => Files.DisplayNameOf(Manifest.RawEventLog);

    /// <summary>Opens a bundle in a directory by reading its manifest.</summary>
    /// <param name="directory">The bundle's directory.</param>
    /// <param name="options">Limits; null for <see cref="BundleReaderOptions.Default"/>.</param>
    /// <exception cref="BundleException">There is no manifest, or it cannot be read or parsed.</exception>
    public static BundleReader Open(string directory, BundleReaderOptions? options = null) => Open(BundleFiles.InDirectory(directory), options);

    /// <summary>Opens a bundle, wherever its files are, by reading its manifest.</summary>
    /// <param name="files">The bundle's files. They stay the caller's to dispose, if they need that.</param>
    /// <param name="options">Limits; null for <see cref="BundleReaderOptions.Default"/>.</param>
    /// <exception cref="BundleException">There is no manifest, or it cannot be read or parsed.</exception>
    public static BundleReader Open(BundleFiles files, BundleReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        options ??= BundleReaderOptions.Default;
        using var bytes = files.Read(BundleLayout.ManifestFileName, options.MaxLineBytes);
        bytes.SkipByteOrderMark();
        try
        {
            return new BundleReader(files, BundleManifest.Parse(bytes.Span), options);
        }
        catch (BundleException e)
        {
            throw new BundleException($"{files.DisplayNameOf(BundleLayout.ManifestFileName)}: {e.Message}", e.InnerException);
        }
    }

    /// <summary>Whether a directory looks like a bundle: it holds a manifest.</summary>
    public static bool IsBundle(string directory) => File.Exists(Path.Join(directory, BundleLayout.ManifestFileName));

    /// <summary>
    /// Whether a directory holds no more than what a recorder makes before the manifest of a new bundle: no event, no payload, and nothing of anybody else's. What is left of one that was killed
    /// in that moment looks like this for good.
    /// </summary>
    /// <param name="directory">The directory. One that cannot be looked into is none.</param>
    public static bool IsBegun(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        try
        {
            return !IsBundle(directory)
                && FileSystemName.MatchesSimpleExpression(BundleLayout.DirectoryName("*", "*"), name, ignoreCase: false)
                && new DirectoryInfo(directory).EnumerateFileSystemInfos("*", All).All(static entry => entry.LinkTarget is null && entry switch
                {
                    DirectoryInfo payloads => payloads.Name == BundleLayout.PayloadsDirectoryName
                        && payloads.EnumerateFileSystemInfos("*", All).All(static file => file is FileInfo { LinkTarget: null, Length: 0, Name: BundleLayout.PackedPayloadsFileName }),
                    FileInfo file => (file.Name == BundleLayout.EventLogFileName && file.Length == 0) || file.Name == BundleLayout.ManifestFileName + ".tmp",
                    _ => false,
                });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static EnumerationOptions All => new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>
    /// Looks whether the bundle's recorder lives. What is to be read of a bundle whose recorder is gone has to be read afterwards:
    /// until then it may have written more. Beside the bundle one file is looked at and not read, the lock that the manifest names.
    /// </summary>
    public BundleWriterState FindWriter() => Files.FindWriter(Manifest.WriterLock);

    /// <summary>Length of the event log in bytes.</summary>
    /// <exception cref="BundleException">There is none, or it cannot be looked at.</exception>
    public long GetEventLogLength() => Files.GetLength(Manifest.RawEventLog);

    /// <summary>
    /// What the lines of the event log that are not blank give, in file order. A line that cannot be read gives its defect;
    /// reading goes on behind it.
    /// </summary>
    /// <exception cref="BundleException">The log cannot be opened or read.</exception>
    public IEnumerable<RawEventLine> ReadEvents() => EventReader.Read(Files, Manifest.RawEventLog, options);

    /// <summary>Reads a payload file, without the byte order mark that an editor may have put before it.</summary>
    /// <exception cref="BundleException">The file is missing, unreadable, too large, or its path leads out of the bundle.</exception>
    public PayloadBytes ReadPayload(PayloadReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var payload = Files.Read(FileNameOf(reference), options.MaxPayloadBytes);
        payload.SkipByteOrderMark();
        return payload;
    }

    /// <summary>The first bytes of a payload file, fewer if it has no more; null where they cannot be had without reading the whole.</summary>
    /// <param name="reference">The payload.</param>
    /// <param name="count">How many bytes.</param>
    /// <exception cref="BundleException">The path leads out of the bundle.</exception>
    public PayloadBytes? ReadPayloadHead(PayloadReference reference, int count)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var head = Files.ReadHead(FileNameOf(reference), count);
        head?.SkipByteOrderMark();
        return head;
    }

    /// <summary>Whether a payload's file is there. A path that leads out of the bundle is none.</summary>
    public bool HasPayload(PayloadReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        try
        {
            return Files.Exists(FileNameOf(reference));
        }
        catch (BundleException)
        {
            return false;
        }
    }

    // As a recorder on Windows might have written it.
    private static string FileNameOf(PayloadReference reference) => reference.Path.Replace('\\', '/');
}
