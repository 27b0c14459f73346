using System.Text.Encodings.Web;
using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>
/// Writes a bundle: creates its directory with the manifest, then payload files and event lines. Lines are buffered until
/// <see cref="Flush"/>; payload files are written at once, so that one is whole on disk before a line can name it. At any
/// moment, and after any failure, the log on disk is a prefix of what was appended. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// From the first bundle on, a file that grows over the process's limit does not end the process by SIGXFSZ; writing fails. On Unix the directory has mode 0700 and its files 0600, whatever the umask. Nothing is synchronised to the device: what
/// was flushed survives the process, not a loss of power.
/// </remarks>
public sealed class BundleWriter : IDisposable
{
    // Escaped as little as JSON allows: the log is read as JSON, never put into a page.
    private static readonly JsonWriterOptions LineFormat = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly EventBuffer lines = new();
    private readonly EventLog log;
    private readonly bool fixModes;
    private readonly PayloadPath payloadPath;
    private Utf8JsonWriter? json;
    private long pending;
    private Exception? failure;
    private bool disposed;

    private BundleWriter(string directory, BundleManifest manifest, EventLog log, bool fixModes)
    {
        Directory = directory;
        Manifest = manifest;
        this.log = log;
        this.fixModes = fixModes;
        payloadPath = new PayloadPath(directory);
    }

    /// <summary>The bundle's directory as a full path.</summary>
    public string Directory { get; }

    /// <summary>The manifest as it was written.</summary>
    public BundleManifest Manifest { get; }

    /// <summary>Number of events that are in the log on disk.</summary>
    public long EventsWritten { get; private set; }

    /// <summary>Bytes of the log and of the payload files on disk.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Whether a file of the bundle is open. Bounds on open files are kept with <see cref="CloseFiles"/>.</summary>
    public bool HasOpenFiles => log.IsOpen;

    /// <summary>Creates a bundle with an empty log.</summary>
    /// <param name="directory">The bundle's directory, which must not exist; those above it are created where they are missing.</param>
    /// <param name="manifest">Identity of the bundle. Its layout must be the standard one.</param>
    /// <exception cref="IOException">The directory exists, or something cannot be written. What was created is removed again.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission. What was created is removed again.</exception>
    public static BundleWriter Create(string directory, BundleManifest manifest)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(manifest);
        if (manifest.RawEventLog != BundleLayout.EventLogFileName || manifest.PayloadsDir != BundleLayout.PayloadsDirectoryName)
        {
            throw new ArgumentException("a bundle is written with the standard layout only", nameof(manifest));
        }

        directory = Path.GetFullPath(directory);
        if (Path.Exists(directory))
        {
            throw new IOException($"{directory}: exists already");
        }

        FileSizeSignal.Handle();
        EventLog? log = null;
        try
        {
            PrivateFile.CreateDirectory(directory);
            PrivateFile.CreateDirectory(Path.Join(directory, BundleLayout.PayloadsDirectoryName));
            log = new EventLog(Path.Join(directory, BundleLayout.EventLogFileName));
            var fixModes = WriteManifest(directory, manifest);
            return new BundleWriter(directory, manifest, log, fixModes);
        }
        catch
        {
            log?.Dispose();
            BestEffort.DeleteDirectory(directory);
            throw;
        }
    }

    /// <summary>Writes a payload file. It is whole when the call returns.</summary>
    /// <param name="number">Number of the payload: <c>N</c> of <c>payloads/N.json</c>.</param>
    /// <param name="utf8Json">One JSON document.</param>
    /// <exception cref="IOException">It cannot be written, or there is one with that number. Nothing is left of the file.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public void WritePayload(long number, ReadOnlySpan<byte> utf8Json)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);

        // The path is made from the number: a reference may come from a stranger.
        PayloadFile.WriteNew(payloadPath.Of(number), utf8Json, fixModes);
        BytesWritten += utf8Json.Length;
    }

    /// <summary>Adds an event to the lines that the next <see cref="Flush"/> appends to the log.</summary>
    /// <exception cref="JsonException">The event cannot be serialised; nothing of it is added.</exception>
    /// <exception cref="InvalidOperationException">The event cannot be serialised, or an earlier flush failed.</exception>
    public void Append(RawEvent rawEvent)
    {
        ArgumentNullException.ThrowIfNull(rawEvent);
        ObjectDisposedException.ThrowIf(disposed, this);
        ThrowIfFailed();
        json ??= new Utf8JsonWriter(lines, LineFormat);
        var before = lines.Length;
        try
        {
            json.Reset(lines);
            RawEventJson.Write(json, rawEvent);
            json.Flush();
            lines.GetSpan(1)[0] = (byte)'\n';
            lines.Advance(1);
            pending++;
        }
        catch
        {
            json = null;
            lines.Truncate(before);
            throw;
        }
    }

    /// <summary>Appends what was added to the log on disk, with one write.</summary>
    /// <exception cref="IOException">
    /// It cannot be written. The log was cut to whole lines, <see cref="EventsWritten"/> says how many there are, and no more
    /// events are taken.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission; the same applies.</exception>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ThrowIfFailed();
        if (pending == 0)
        {
            return;
        }

        var (kept, error) = log.Append(lines.Written);
        BytesWritten += kept;
        EventsWritten += error is null ? pending : lines.Written[..kept].Count((byte)'\n');
        pending = 0;
        lines.Clear();
        if (error is not null)
        {
            failure = error;
            log.Close();
            throw error;
        }
    }

    /// <summary>Flushes, and closes the bundle's files until the next flush opens them again.</summary>
    /// <exception cref="IOException">As <see cref="Flush"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">As <see cref="Flush"/>.</exception>
    public void CloseFiles()
    {
        Flush();
        log.Close();
        json = null;
    }

    /// <summary>Flushes, unless an earlier flush failed, and closes the bundle's files.</summary>
    /// <exception cref="IOException">As <see cref="Flush"/>. The files are closed.</exception>
    /// <exception cref="UnauthorizedAccessException">As <see cref="Flush"/>. The files are closed.</exception>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        try
        {
            if (failure is null)
            {
                Flush();
            }
        }
        finally
        {
            disposed = true;
            lines.Clear();
            log.Dispose();
        }
    }

    // A reader takes a directory with a manifest for a bundle, so the manifest comes last, and whole.
    private static bool WriteManifest(string directory, BundleManifest manifest)
    {
        var path = Path.Join(directory, BundleLayout.ManifestFileName);
        var unfinished = path + ".tmp";
        bool fixModes;
        using (var file = PrivateFile.Create(unfinished, fixMode: false))
        {
            fixModes = !PrivateFile.HasRightMode(file);
            PrivateFile.FixMode(file);
            PrivateFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(manifest, BundleJsonContext.Default.BundleManifest), offset: 0);
        }

        File.Move(unfinished, path);
        return fixModes;
    }

    private void ThrowIfFailed()
    {
        if (failure is not null)
        {
            throw new InvalidOperationException($"{Directory}: takes no more events since an earlier write failed", failure);
        }
    }
}
