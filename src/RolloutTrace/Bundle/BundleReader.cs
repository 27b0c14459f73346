using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace RolloutTrace.Bundle;

/// <summary>
/// Reads a bundle: its manifest at once, its events one by one, its payloads on demand. It never reads a byte
/// outside the bundle's directory and never holds the log in memory. Safe for concurrent use.
/// </summary>
public sealed class BundleReader
{
    private readonly BundlePath paths;
    private readonly BundleReaderOptions options;
    private readonly Lock resolving = new();

    private BundleReader(BundlePath paths, BundleManifest manifest, BundleReaderOptions options)
    {
        this.paths = paths;
        this.options = options;
        Manifest = manifest;
    }

    /// <summary>Identity and layout of the bundle.</summary>
    public BundleManifest Manifest { get; }

    /// <summary>The bundle's directory as a full path.</summary>
    public string Directory => paths.Root;

    /// <summary>The full path of the event log.</summary>
    public string EventLogPath => Resolve(Manifest.RawEventLog);

    /// <summary>Opens a bundle by reading its manifest.</summary>
    /// <param name="directory">The bundle's directory.</param>
    /// <param name="options">Limits; null for <see cref="BundleReaderOptions.Default"/>.</param>
    /// <exception cref="BundleException">There is no manifest, or it cannot be read or parsed.</exception>
    public static BundleReader Open(string directory, BundleReaderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= BundleReaderOptions.Default;
        var bundlePath = new BundlePath(directory);
        var file = bundlePath.Resolve(BundleLayout.ManifestFileName);
        using var bytes = ReadFile(file, options.MaxLineBytes);
        try
        {
            return new BundleReader(bundlePath, BundleManifest.Parse(bytes.Span), options);
        }
        catch (BundleException e)
        {
            throw new BundleException($"{file}: {e.Message}", e.InnerException);
        }
    }

    /// <summary>Whether a directory looks like a bundle: it holds a manifest.</summary>
    public static bool IsBundle(string directory) => File.Exists(Path.Join(directory, BundleLayout.ManifestFileName));

    /// <summary>
    /// Looks whether the bundle's recorder lives. What is to be read of a bundle whose recorder is gone has to be read afterwards:
    /// until then it may have written more. Beside the bundle one file is looked at and not read, the lock that the manifest names.
    /// </summary>
    public BundleWriterState FindWriter() => BundleWriterLock.Look(Directory, Manifest.WriterLock);

    /// <summary>
    /// What the lines of the event log that are not blank give, in file order. A line that cannot be read gives its defect;
    /// reading goes on behind it.
    /// </summary>
    /// <exception cref="BundleException">The log cannot be opened or read.</exception>
    public IEnumerable<RawEventLine> ReadEvents() => ReadEvents(EventLogPath, options);

    /// <summary>The lines of an event log without its bundle.</summary>
    /// <exception cref="BundleException">The log cannot be opened or read.</exception>
    internal static IEnumerable<RawEventLine> ReadEvents(string log, BundleReaderOptions options)
    {
        using var lines = new LineReader(log, options.MaxLineBytes);
        foreach (var line in new EventReader(lines, options.MaxLines).Read())
        {
            yield return line;
        }
    }

    /// <summary>Opens the event log for reading as bytes; null if it is empty.</summary>
    /// <exception cref="BundleException">It is no regular file, or cannot be opened.</exception>
    public SafeFileHandle? OpenEventLog()
    {
        var file = EventLogPath;
        try
        {
            return PlainFile.Open(file, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException($"{file}: cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Reads a payload file.</summary>
    /// <exception cref="BundleException">The file is missing, unreadable, too large, or its path leads out of the bundle.</exception>
    public PayloadBytes ReadPayload(PayloadReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        if (NativeFile.IsSupported && NativeFile.TryRead(ResolveDirectory(reference.Path), options.MaxPayloadBytes, out var content))
        {
            return content;
        }

        // Where it cannot be had so simply: by way of a link inside the bundle, or not at all, and then this says why.
        return ReadFile(Resolve(reference.Path), options.MaxPayloadBytes);
    }

    /// <summary>The first bytes of a payload file; null where they cannot be had without reading the whole.</summary>
    /// <exception cref="BundleException">The path leads out of the bundle.</exception>
    internal PayloadBytes? ReadPayloadHead(PayloadReference reference, int count) =>
        NativeFile.IsSupported && NativeFile.TryReadHead(ResolveDirectory(reference.Path), count, out var head) ? head : null;

    /// <summary>The full path of a file that the bundle names.</summary>
    /// <exception cref="BundleException">The path leads out of the bundle.</exception>
    public string Resolve(string relativePath)
    {
        lock (resolving)
        {
            return paths.Resolve(relativePath);
        }
    }

    private string ResolveDirectory(string relativePath)
    {
        lock (resolving)
        {
            return paths.ResolveDirectory(relativePath);
        }
    }

    private static PayloadBytes ReadFile(string file, int limit)
    {
        try
        {
            using var handle = PlainFile.Open(file);
            var length = handle is null ? 0 : RandomAccess.GetLength(handle);
            if (length > limit)
            {
                throw new BundleException($"{file}: {length} bytes are more than the limit of {limit}");
            }

            var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(length, 1));
            var read = 0;
            while (read < length)
            {
                var n = RandomAccess.Read(handle!, buffer.AsSpan(read, (int)length - read), read);
                if (n == 0)
                {
                    break;
                }

                read += n;
            }

            return new PayloadBytes(buffer, read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new BundleException($"{file}: cannot be read: {e.Message}", e);
        }
    }
}
