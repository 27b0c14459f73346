using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>
/// The bundle in a packed rollout, read as it is. What is asked for in the order in which it was recorded is read in one pass, in memory
/// that grows with the number of payloads and not with what is in them. What lies behind is read again from the beginning;
/// who goes on asking for that gets it from a file without a name, into which the whole is unpacked then: that is
/// the one case in which something is written. Safe for concurrent use until it is disposed.
/// </summary>
/// <remarks>
/// A tar file under zstd that another program made of one bundle is read too. Its members stand in any order, so it is unpacked like that at once.
/// The file may come from a stranger. Of one that is damaged or cut off, what is before the damage is given, the log up to there too, and
/// <see cref="FindDamage"/> says the rest.
/// </remarks>
public sealed class PackedBundle : BundleFiles, IDisposable
{
    private readonly string path;
    private readonly BundleFiles files;
    private readonly IDisposable opened;
    private readonly string? damage;

    private PackedBundle(string path, OrderedFiles ordered)
    {
        this.path = path;
        files = ordered;
        opened = ordered;
    }

    private PackedBundle(string path, OtherTar other)
    {
        this.path = path;
        files = other.Files;
        opened = other;
        damage = other.Damage;
    }

    /// <summary>The name of the bundle's directory as it was packed.</summary>
    public override string Name => files.Name;

    /// <inheritdoc/>
    public override string DisplayName => path;

    /// <summary>Whether a file begins as packed rollouts do. Its name may say anything.</summary>
    /// <param name="path">The file.</param>
    public static bool IsPacked(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var file = PlainFile.Open(path);
            Span<byte> head = stackalloc byte[8];
            if (file is null)
            {
                return false;
            }

            head = head[..RandomAccess.Read(file, head, 0)];
            return ZstdFrameHeader.IsFrame(head) || ZstdFrameHeader.IsSkippable(head);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Opens a packed rollout.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BundleException">There is no such file, or it is none.</exception>
    public static PackedBundle Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = Path.GetFullPath(path);
        return OrderedFiles.TryOpen(path, isGrowing: false) is { } ordered ? new PackedBundle(path, ordered) : new PackedBundle(path, OtherTar.Open(path));
    }

    /// <summary>
    /// What stands behind the rollout for those who list many, as <see cref="PackOptions.Summarise"/> gave it; null if there is nothing, or it
    /// was not made for what is before it. Whoever wrote the file may have written anything: only the rollout itself is evidence.
    /// </summary>
    public byte[]? ReadSummary()
    {
        try
        {
            return files is OrderedFiles ordered ? ordered.ReadSummary() : PackedSummary.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether the file ends in the middle of what it says it has, told by the lengths in it: nothing is unpacked. What ends between two frames, or is damaged, is found by
    /// <see cref="FindDamage"/> alone.
    /// </summary>
    public bool IsCut()
    {
        try
        {
            using var file = PlainFile.Open(path);
            return file is not null && FrameLengths.IsCut(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override string DisplayNameOf(string name) => files.DisplayNameOf(name);

    /// <inheritdoc/>
    public override bool Exists(string name) => files.Exists(name);

    /// <inheritdoc/>
    public override long GetLength(string name) => files.GetLength(name);

    /// <inheritdoc/>
    public override IEnumerable<BundleFile> List(string directory) => files.List(directory);

    /// <summary>Opens a file for reading from its beginning on, in a pass of its own. The caller disposes the stream.</summary>
    /// <exception cref="BundleException">There is no such file, or it cannot be opened.</exception>
    public override Stream OpenRead(string name) => files.OpenRead(name);

    /// <summary>Nobody writes there: what was running when it was packed cannot be told from what died.</summary>
    public override BundleWriterState FindWriter(string? lockId) => BundleWriterState.Unknown;

    /// <inheritdoc/>
    public override PayloadBytes Read(string name, int maxBytes) => files.Read(name, maxBytes);

    /// <inheritdoc/>
    public override PayloadBytes? ReadHead(string name, int count) => files.ReadHead(name, count);

    /// <summary>What is wrong with the file; null if nothing. What was not read of it yet is read to its end.</summary>
    public override string? FindDamage() => damage ?? files.FindDamage();

    /// <inheritdoc/>
    public void Dispose() => opened.Dispose();

    /// <summary>Opens the packed rollout of a bundle that lies beside it. The directory of a bundle has a name of its own, which is in the packed rollout whatever the file is called.</summary>
    /// <param name="directory">The bundle's directory, which need not be there any more.</param>
    /// <returns>Null if there is none, or another one's.</returns>
    internal static PackedBundle? TryOpenBeside(string directory)
    {
        directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        try
        {
            var packed = Open(BundlePacker.PlaceBeside(directory));
            if (packed.Name == Path.GetFileName(directory))
            {
                return packed;
            }

            packed.Dispose();
            return null;
        }
        catch (BundleException)
        {
            return null;
        }
    }
}
