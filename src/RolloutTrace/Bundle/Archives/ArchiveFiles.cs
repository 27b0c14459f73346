using System.Buffers;

namespace RolloutTrace.Bundle;

/// <summary>The files of a bundle in an archive. Nobody writes there, and whether its recorder lives the archive cannot tell.</summary>
internal sealed class ArchiveFiles : BundleFiles
{
    private const int FirstBuffer = 1 << 16;

    private readonly string directory;
    private readonly ArchiveContent content;

    public ArchiveFiles(string archive, string directory, bool isOnlyOne, ArchiveContent content)
    {
        this.directory = directory;
        this.content = content;
        Name = directory.Length > 0 ? Path.GetFileName(directory) : WithoutExtension(Path.GetFileName(archive));
        DisplayName = directory.Length == 0 || isOnlyOne ? archive : $"{archive}/{directory}";
    }

    public override string Name { get; }

    public override string DisplayName { get; }

    public override bool Exists(string name) => content.Find(Full(name)) is not null;

    public override long GetLength(string name) => Entry(name).Length;

    public override IEnumerable<BundleFile> List(string directory) => content.In(directory.Length == 0 ? this.directory : Full(directory))
        .Select(name => new BundleFile(this.directory.Length == 0 ? name : name[(this.directory.Length + 1)..], content.Find(name)!.Value.Length));

    public override Stream OpenRead(string name)
    {
        var entry = Entry(name);
        try
        {
            return content.Open(entry);
        }
        catch (Exception e) when (BundleArchive.IsDamage(e))
        {
            throw CannotBe("opened", name, e);
        }
    }

    public override BundleWriterState FindWriter(string? lockId) => BundleWriterState.Unknown;

    /// <summary>What of the archive is damaged, or of the bundle is in it and is not read; null if nothing.</summary>
    public override string? FindDamage() => content.FindDamage(directory) is { } damage ? $"{DisplayName}: {damage}" : null;

    // The buffer grows with what is there: what the archive says of lengths need not be true.
    public override PayloadBytes Read(string name, int maxBytes)
    {
        var length = Entry(name).Length;
        if (length > maxBytes)
        {
            throw new BundleException($"{DisplayNameOf(name)}: {length} bytes are more than the limit of {maxBytes}");
        }

        return ReadUpTo(name, maxBytes, isAll: true);
    }

    public override PayloadBytes? ReadHead(string name, int count) => Exists(name) ? ReadUpTo(name, count, isAll: false) : null;

    private PayloadBytes ReadUpTo(string name, int maxBytes, bool isAll)
    {
        using var stream = OpenRead(name);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(FirstBuffer, Math.Max(maxBytes, 1)));
        try
        {
            var length = 0;
            while (true)
            {
                var read = stream.Read(buffer.AsSpan(length, Math.Min(buffer.Length, maxBytes) - length));
                length += read;
                if (read == 0 || (length == maxBytes && !isAll))
                {
                    return new PayloadBytes(buffer, length);
                }

                if (length == maxBytes)
                {
                    return stream.ReadByte() < 0 ? new PayloadBytes(buffer, length) : throw new InvalidDataException($"more than the limit of {maxBytes} bytes");
                }

                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * buffer.Length, maxBytes));
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }
        }
        catch (Exception e)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (BundleArchive.IsDamage(e))
            {
                throw CannotBe("read", name, e);
            }

            throw;
        }
    }

    private ArchiveEntry Entry(string name) => content.Find(Full(name)) switch
    {
        null => throw new BundleException($"{DisplayNameOf(name)}: there is no such file"),
        { Problem: { } problem } => throw new BundleException($"{DisplayNameOf(name)}: {problem}"),
        { } entry => entry,
    };

    private string Full(string name)
    {
        var normal = ArchiveName.Normal(name) ?? throw new BundleException($"{DisplayName}: the path '{(name.Length > 100 ? name[..100] + "..." : name)}' is not a plain path below the bundle");
        return directory.Length == 0 ? normal : $"{directory}/{normal}";
    }

    private BundleException CannotBe(string what, string name, Exception e) => new($"{DisplayNameOf(name)}: {FileTrouble.Of(e, $"cannot be {what}")}", e);

    private static string WithoutExtension(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        return name.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) ? Path.GetFileNameWithoutExtension(name) : name;
    }
}
