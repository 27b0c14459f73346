using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RolloutTrace.Bundle;

/// <summary>
/// What the system says of a file or directory, without opening it. Elsewhere than on Linux there is no identity: what stands at
/// a path is then told by its kind and length only.
/// </summary>
internal readonly record struct FileStatus
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const int OfHandle = 0x1000;
    private const uint Wanted = 0x7FF | Born;
    private const uint Born = 0x800;
    private const int MaxPathOnStack = 512;

    public FileKind Kind { get; private init; }

    /// <summary>In bytes.</summary>
    public long Length { get; private init; }

    /// <summary>How many names the file has; 0 once all are deleted, and somebody still has it open.</summary>
    public uint Links { get; private init; }

    /// <summary>When it was last written to, in ticks of the wall clock (UTC). Of a directory: when an entry came or went.</summary>
    public long WrittenAt { get; private init; }

    private ulong Device { get; init; }

    private ulong Inode { get; init; }

    // An inode's number is given to the next file as soon as it is free. 0 where the file system does not know.
    private long BornAt { get; init; }

    /// <summary>Tells the file from every other on this machine, as far as the file system does; a copy has another.</summary>
    public string Identity => $"{Device:x}-{Inode:x}-{BornAt:x}";

    /// <summary>Looks at what stands at a path; a link is not followed. Null if there is nothing.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    /// <exception cref="UnauthorizedAccessException">A directory on the way is closed.</exception>
    public static FileStatus? Of(string path)
    {
        if (!NativeFile.IsSupported)
        {
            return Portable(path);
        }

        var length = Encoding.UTF8.GetMaxByteCount(path.Length) + 1;
        Span<byte> name = length <= MaxPathOnStack ? stackalloc byte[MaxPathOnStack] : new byte[length];
        name[Encoding.UTF8.GetBytes(path, name)] = 0;
        Span<byte> status = stackalloc byte[256];
        try
        {
            return Statx(CurrentDirectory, ref MemoryMarshal.GetReference(name), NoFollow, Wanted, ref MemoryMarshal.GetReference(status)) == 0
                ? Read(status)
                : Failure(path, Marshal.GetLastPInvokeError());
        }
        catch (EntryPointNotFoundException)
        {
            return Portable(path);
        }
    }

    /// <summary>Looks at an open file, whatever has become of its name; null where the system does not tell.</summary>
    public static FileStatus? Of(SafeFileHandle file)
    {
        if (!NativeFile.IsSupported)
        {
            return null;
        }

        byte noName = 0;
        Span<byte> status = stackalloc byte[256];
        try
        {
            return Statx(file, ref noName, OfHandle, Wanted, ref MemoryMarshal.GetReference(status)) == 0 ? Read(status) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether it is the same file or directory, as far as the file system tells.</summary>
    public bool IsSame(in FileStatus other)
    {
        if (Kind != other.Kind || Device != other.Device)
        {
            return false;
        }

        var bothBorn = BornAt != 0 && other.BornAt != 0;
        if (bothBorn && BornAt != other.BornAt)
        {
            return false;
        }

        // Some file systems in layers number a directory anew once they have forgotten it.
        return Inode == other.Inode || (bothBorn && Kind == FileKind.Directory);
    }

    private static FileStatus? Failure(string path, int error) => error switch
    {
        2 or 20 => null, // ENOENT, ENOTDIR
        1 or 13 => throw new UnauthorizedAccessException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}"), // EPERM, EACCES
        _ => throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}", error),
    };

    private static FileStatus Read(ReadOnlySpan<byte> status) => new()
    {
        Links = BinaryPrimitives.ReadUInt32LittleEndian(status[16..]),
        Kind = (BinaryPrimitives.ReadUInt16LittleEndian(status[28..]) & 0xF000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Directory,
            0xA000 => FileKind.Link,
            _ => FileKind.Special,
        },
        Inode = BinaryPrimitives.ReadUInt64LittleEndian(status[32..]),
        Length = BinaryPrimitives.ReadInt64LittleEndian(status[40..]),
        BornAt = (BinaryPrimitives.ReadUInt32LittleEndian(status) & Born) != 0 ? Ticks(status[80..]) : 0,
        WrittenAt = Ticks(status[112..]),
        Device = BinaryPrimitives.ReadUInt64LittleEndian(status[136..]),
    };

    private static long Ticks(ReadOnlySpan<byte> time) => DateTime.UnixEpoch.Ticks
        + (BinaryPrimitives.ReadInt64LittleEndian(time) * TimeSpan.TicksPerSecond)
        + (BinaryPrimitives.ReadUInt32LittleEndian(time[8..]) / TimeSpan.NanosecondsPerTick);

    private static FileStatus? Portable(string path)
    {
        FileSystemInfo found = new FileInfo(path);
        if (!found.Exists)
        {
            found = new DirectoryInfo(path);
        }

        if (!found.Exists && found.LinkTarget is null)
        {
            return null;
        }

        return new FileStatus
        {
            Kind = found.LinkTarget is not null ? FileKind.Link : found is FileInfo ? FileKind.Regular : FileKind.Directory,
            Length = found is FileInfo file ? file.Length : 0,
            Links = 1,
            WrittenAt = found.LastWriteTimeUtc.Ticks,
        };
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int Statx(int directory, ref byte path, int flags, uint mask, ref byte status);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int Statx(SafeFileHandle file, ref byte path, int flags, uint mask, ref byte status);
}
