using System.Buffers;
using System.IO.Enumeration;

namespace RolloutTrace.Bundle;

/// <summary>
/// The files of a bundle in a directory. No name leads out of it, by its text or through symbolic links, and what is no regular
/// file, such as a pipe or a device, is never opened.
/// </summary>
internal sealed class DirectoryFiles(string directory) : BundleFiles
{
    private static readonly EnumerationOptions AllFiles = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    private readonly BundlePath paths = new(directory);
    private readonly Lock resolving = new();

    public override string Name => Path.GetFileName(paths.Root);

    public override string DisplayName => paths.Root;

    public override string DisplayNameOf(string name) => Path.Join(paths.Root, name);

    public override bool Exists(string name) => File.Exists(Resolve(name));

    public override long GetLength(string name)
    {
        var file = Resolve(name);
        try
        {
            return new FileInfo(file).Length;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw CannotBe("looked at", file, e);
        }
    }

    public override IEnumerable<BundleFile> List(string directory)
    {
        var prefix = directory.Length == 0 ? "" : directory.TrimEnd('/') + "/";
        return Enumerate(directory, (ref FileSystemEntry entry) => new BundleFile(prefix + entry.FileName.ToString(), entry.Length));
    }

    // One question to the system a file, and nothing made of the answer but its size: there may be hundreds of thousands.
    public override long GetTotalLength(string directory) => Enumerate(directory, static (ref FileSystemEntry entry) => entry.Length).Sum();

    public override Stream OpenRead(string name)
    {
        var file = Resolve(name);
        try
        {
            return PlainFile.Open(file, FileOptions.SequentialScan) is { } handle ? new FileStream(handle, FileAccess.Read, bufferSize: 0) : Stream.Null;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw CannotBe("opened", file, e);
        }
    }

    public override BundleWriterState FindWriter(string? lockId) => BundleWriterLock.Look(paths.Root, lockId);

    public override PayloadBytes Read(string name, int maxBytes)
    {
        if (NativeFile.IsSupported && NativeFile.TryRead(ResolveDirectory(name), maxBytes, out var content))
        {
            return content;
        }

        // Where it cannot be had so simply: by way of a link inside the bundle, or not at all, and then this says why.
        return ReadWhole(Resolve(name), maxBytes);
    }

    public override PayloadBytes? ReadHead(string name, int count) =>
        NativeFile.IsSupported && NativeFile.TryReadHead(ResolveDirectory(name), count, out var head) ? head : null;

    private static PayloadBytes ReadWhole(string file, int maxBytes)
    {
        try
        {
            using var handle = PlainFile.Open(file);
            var length = handle is null ? 0 : RandomAccess.GetLength(handle);
            if (length > maxBytes)
            {
                throw new BundleException($"{file}: {length} bytes are more than the limit of {maxBytes}");
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
        catch (Exception e) when (IsRefusal(e))
        {
            throw CannotBe("read", file, e);
        }
    }

    // At once, so that what goes wrong goes wrong here. A directory that goes meanwhile, as one whose rollout is packed, is one that is not there.
    private List<T> Enumerate<T>(string directory, FileSystemEnumerable<T>.FindTransform transform)
    {
        var path = directory.Length == 0 ? paths.Root : Resolve(directory);
        try
        {
            return Directory.Exists(path)
                ? [.. new FileSystemEnumerable<T>(path, transform, AllFiles) { ShouldIncludePredicate = static (ref FileSystemEntry entry) => !entry.IsDirectory }]
                : [];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw CannotBe("listed", path, e);
        }
    }

    private string Resolve(string name)
    {
        lock (resolving)
        {
            return paths.Resolve(name);
        }
    }

    private string ResolveDirectory(string name)
    {
        lock (resolving)
        {
            return paths.ResolveDirectory(name);
        }
    }

    private static bool IsRefusal(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException;

    private static BundleException CannotBe(string what, string file, Exception e) => new($"{file}: {(IsPacked(file, e) ? $"is in {BundleLayout.PackedPayloadsFileName} beside it, which RolloutTrace.Packing reads" : FileTrouble.Of(e, $"cannot be {what}"))}", e);

    // A recorder that packs while it records has put the payloads elsewhere.
    private static bool IsPacked(string file, Exception e) =>
        e is FileNotFoundException && File.Exists(Path.Join(Path.GetDirectoryName(file), BundleLayout.PackedPayloadsFileName));
}
