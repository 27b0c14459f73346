using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>
/// Writes a bundle: creates its directory with the manifest, then payload files and event lines. Lines are buffered until
/// <see cref="Flush"/>; payload files are written at once, so that one is whole on disk before a line can name it. At any
/// moment, and after any failure, the log on disk is a prefix of what was appended. Not safe for concurrent use, but for
/// <see cref="NoteLoss"/>.
/// </summary>
/// <remarks>
/// On Unix the directory has mode 0700 and its files 0600, whatever the umask. Nothing is synchronised to the device: what
/// was flushed survives the process, not a loss of power. Before each flush the writer looks whether somebody else has changed the
/// bundle: its directories, the log's identity and length, and that the manifest is there. What somebody appended to the log is cut
/// off, and a manifest that is missing is written again; after anything else the bundle takes no more events. A payload file that
/// somebody changes or deletes is not noticed.
/// From the first bundle on, a file that grows over the process's limit does not end the process by SIGXFSZ: writing fails.
/// </remarks>
public sealed class BundleWriter : IDisposable
{
    private readonly EventBuffer lines = new();
    private readonly BundleDirectory directory;
    private readonly EventLog log;
    private readonly ManifestFile manifest;
    private readonly PayloadPath payloadPath;
    private readonly PayloadStore? store;
    private Utf8JsonWriter? json;
    private long pending;
    private bool looked;
    private bool mayHaveChanged;
    private BundleChangedException? change;
    private Exception? failure;
    private bool disposed;

    private BundleWriter(BundleDirectory directory, EventLog log, ManifestFile manifest, PayloadStore? store)
    {
        this.store = store;
        this.directory = directory;
        this.log = log;
        this.manifest = manifest;
        payloadPath = new PayloadPath(directory.Path);
    }

    /// <summary>The bundle's directory as a full path.</summary>
    public string Directory => directory.Path;

    /// <summary>The manifest as it was written.</summary>
    public BundleManifest Manifest => manifest.Current;

    /// <summary>
    /// Number of events that are in the log on disk. It becomes less when a flush finds that somebody has taken some of them away.
    /// </summary>
    public long EventsWritten { get; private set; }

    /// <summary>What was put right so far.</summary>
    public BundleRepairs Repairs { get; private set; }

    /// <summary>Bytes of the log and of the payloads as they are on disk.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Whether a file of the bundle is open. Bounds on open files are kept with <see cref="CloseFiles"/>.</summary>
    public bool HasOpenFiles => log.IsOpen;

    /// <summary>Creates a bundle with an empty log.</summary>
    /// <param name="directory">The bundle's directory, which must not exist; those above it are created where they are missing.</param>
    /// <param name="manifest">Identity of the bundle. Its layout must be the standard one.</param>
    /// <exception cref="IOException">The directory exists, or something cannot be written. What was created is removed again.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission. What was created is removed again.</exception>
    public static BundleWriter Create(string directory, BundleManifest manifest) => Create(directory, manifest, store: null);

    /// <summary>Creates a bundle with an empty log, whose payloads go into a store.</summary>
    /// <param name="directory">As above.</param>
    /// <param name="manifest">As above.</param>
    /// <param name="store">Makes the store in the directory for payloads, which is given; null for files. It is disposed of with the writer.</param>
    /// <exception cref="IOException">As above.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static BundleWriter Create(string directory, BundleManifest manifest, Func<string, PayloadStore>? store)
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
        PayloadStore? payloads = null;
        try
        {
            PrivateFile.CreateDirectory(directory);
            var payloadsDirectory = Path.Join(directory, BundleLayout.PayloadsDirectoryName);
            PrivateFile.CreateDirectory(payloadsDirectory);
            payloads = store?.Invoke(payloadsDirectory);
            log = new EventLog(Path.Join(directory, BundleLayout.EventLogFileName));
            return new BundleWriter(new BundleDirectory(directory), log, ManifestFile.Create(directory, manifest), payloads);
        }
        catch
        {
            log?.Dispose();
            payloads?.Dispose();
            BestEffort.DeleteDirectory(directory);
            throw;
        }
    }

    /// <summary>Writes a payload file. It is whole when the call returns; in a store, with the next <see cref="Flush"/>.</summary>
    /// <param name="number">Number of the payload: <c>N</c> of <c>payloads/N.json</c>.</param>
    /// <param name="utf8Json">One JSON document.</param>
    /// <exception cref="IOException">
    /// It cannot be written, or there is one with that number, or somebody has changed the bundle. Nothing is left of the file.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public void WritePayload(long number, ReadOnlySpan<byte> utf8Json)
    {
        BeforePayload(number);
        if (store is not null)
        {
            BytesWritten += store.Write(number, utf8Json);
            return;
        }

        WriteFile(number, new PayloadInParts(utf8Json, default));
    }

    /// <summary>Writes a payload that stands in two places, as <see cref="WritePayload(long, ReadOnlySpan{byte})"/> does.</summary>
    /// <param name="number">Number of the payload.</param>
    /// <param name="payload">One JSON document.</param>
    /// <exception cref="IOException">As above.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public void WritePayload(long number, in PayloadInParts payload)
    {
        BeforePayload(number);
        if (store is not null)
        {
            BytesWritten += store.Write(number, payload);
            return;
        }

        WriteFile(number, payload);
    }

    /// <summary>Adds an event to the lines that the next <see cref="Flush"/> appends to the log.</summary>
    /// <exception cref="JsonException">The event cannot be serialised; nothing of it is added.</exception>
    /// <exception cref="InvalidOperationException">The event cannot be serialised, or an earlier flush failed.</exception>
    public void Append(RawEvent rawEvent)
    {
        ArgumentNullException.ThrowIfNull(rawEvent);
        ObjectDisposedException.ThrowIf(disposed, this);
        ThrowIfFailed();
        json ??= new Utf8JsonWriter(lines, RawEvent.LineFormat);
        var before = lines.Length;
        try
        {
            json.Reset(lines);
            rawEvent.WriteTo(json);
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
    /// <exception cref="BundleChangedException">
    /// Somebody has changed the bundle. <see cref="EventsWritten"/> says how many events are left, and no more are taken.
    /// </exception>
    /// <exception cref="IOException">
    /// It cannot be written. The log was cut to whole lines, <see cref="EventsWritten"/> says how many there are, and no more
    /// events are taken.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission; the same applies.</exception>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ThrowIfFailed();
        if (pending == 0 && change is null)
        {
            return;
        }

        var (kept, error) = LookAndAppend();
        BytesWritten += kept;
        EventsWritten += error is null ? pending : lines.Written[..kept].Count((byte)'\n');
        pending = 0;
        looked = false;
        lines.Clear();
        if (error is not null)
        {
            Fail(error);
        }
    }

    /// <summary>Flushes, and closes the bundle's files until the next flush opens them again.</summary>
    /// <exception cref="IOException">As <see cref="Flush"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">As <see cref="Flush"/>.</exception>
    public void CloseFiles()
    {
        Flush();
        if (log.IsOpen && LookForChange() is { } found)
        {
            Fail(found);
        }

        log.Close();
        json = null;
        try
        {
            BytesWritten += store?.Close() ?? 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
        }
    }

    /// <summary>
    /// Adds to the manifest what was lost of the rollout, in the place of an earlier note. It may be called at any time, also after
    /// a failure and after <see cref="Dispose"/>, and on any thread. On a full disk it needs no room, where the file system writes in place.
    /// </summary>
    /// <exception cref="IOException">It cannot be written, or the bundle's directory is not there any more.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public void NoteLoss(BundleLoss loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (!directory.IsInPlace)
        {
            throw new DirectoryNotFoundException($"{Directory}: is not the bundle's directory any more");
        }

        manifest.Replace(manifest.Current with { Lost = loss });
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
            if (failure is null && (change is null || pending > 0))
            {
                Flush();
                store?.Close();
            }
        }
        finally
        {
            disposed = true;
            lines.Clear();
            log.Dispose();
            store?.Dispose();
        }
    }

    private void BeforePayload(long number)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        if (!looked)
        {
            LookAtDirectories();
            looked = true;
        }
    }

    // The path is made from the number: a reference may come from a stranger.
    private void WriteFile(long number, in PayloadInParts payload)
    {
        PayloadFile.WriteNew(payloadPath.Of(number), payload.First, payload.Rest, manifest.FixModes);
        BytesWritten += payload.Length;
    }

    private (int Kept, Exception? Failure) LookAndAppend() => (LookForChange() ?? FlushStore()) is { } found ? (0, found) : log.Append(lines.Written);

    // What lines name is there before they are.
    private Exception? FlushStore()
    {
        try
        {
            BytesWritten += store?.Flush() ?? 0;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }

    private Exception? LookForChange()
    {
        try
        {
            LookAtDirectories();
            Look();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }

    private void LookAtDirectories()
    {
        if (change is null && directory.FindChange(out mayHaveChanged) is { } found)
        {
            change = new BundleChangedException(Directory, found);
        }

        if (change is not null)
        {
            throw change;
        }
    }

    private void Look()
    {
        var found = log.FindChange(mayHaveChanged, out var wasCut);
        if (found is not null)
        {
            throw change = new BundleChangedException(Directory, found.Value);
        }

        Repairs |= wasCut ? BundleRepairs.LogCut : BundleRepairs.None;
        if (mayHaveChanged && manifest.EnsureIsThere(out var wasRestored))
        {
            Repairs |= wasRestored ? BundleRepairs.ManifestRestored : BundleRepairs.None;
            directory.IsUnchanged();
        }
    }

    [DoesNotReturn]
    private void Fail(Exception error)
    {
        failure = error;
        if (error is BundleChangedException changed)
        {
            var isPathSound = changed.Change is not (BundleChange.DirectoryRemoved or BundleChange.DirectoryReplaced) || IsDirectory(Directory);
            EventsWritten = Math.Min(EventsWritten, log.CountLeft(EventsWritten, isPathSound));
        }

        log.Close();
        store?.Dispose();
        throw error;
    }

    private static bool IsDirectory(string path) => FileStatus.Of(path) is { Kind: FileKind.Directory };

    private void ThrowIfFailed()
    {
        if (failure is not null)
        {
            throw new InvalidOperationException($"{Directory}: takes no more events since an earlier write failed", failure);
        }
    }
}
