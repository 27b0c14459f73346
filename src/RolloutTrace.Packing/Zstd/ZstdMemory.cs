using System.Runtime.InteropServices;
using ZstdSharp.Unsafe;

namespace RolloutTrace.Packing;

/// <summary>
/// Memory of compressors and decompressors, from the system and back to it. What compressors of 64 rollouts had used and freed by way of the C library
/// stayed with the process there, 0.4 GB; and what a decompressor holds of what it gave is in large pages here.
/// </summary>
internal static unsafe class ZstdMemory
{
    private const int ReadAndWrite = 1 | 2;
    private const int PrivateAndAnonymous = 2 | 0x20;
    private const int InLargePages = 14;
    private const int FreeIfNeeded = 8;
    private const nuint LargePage = 2 << 20;
    private const int HeaderBytes = 64;

    // More is not kept for the next decompressor.
    private const nuint MostKept = 64 << 20;

    private static nint kept;

    /// <summary>A compressor with memory from here; <see cref="Methods.ZSTD_freeCCtx"/> gives it back.</summary>
    /// <exception cref="IOException">There is no memory.</exception>
    public static ZSTD_CCtx_s* CreateCompressor()
    {
        var compressor = Methods.ZSTD_createCCtx_advanced(OperatingSystem.IsLinux() ? Of(&Allocate) : default);
        return compressor == null ? throw new IOException("there is no memory to compress it") : compressor;
    }

    /// <summary>A decompressor with memory from here; <see cref="Methods.ZSTD_freeDCtx"/> gives it back.</summary>
    /// <exception cref="IOException">There is no memory.</exception>
    public static ZSTD_DCtx_s* CreateDecompressor()
    {
        var decompressor = Methods.ZSTD_createDCtx_advanced(OperatingSystem.IsLinux() ? Of(&AllocateForReading) : default);
        return decompressor == null ? throw new IOException("there is no memory to decompress it") : decompressor;
    }

    private static ZSTD_customMem Of(delegate* managed<void*, nuint, void*> allocate) => new() { customAlloc = allocate, customFree = (delegate* managed<void*, void*, void>)&Free };

    private static void* Allocate(void* owner, nuint bytes)
    {
        bytes += HeaderBytes;
        var at = Map(null, bytes, ReadAndWrite, PrivateAndAnonymous, -1, 0);
        return at == (void*)-1 ? null : Begin(at, at, bytes, isKept: false);
    }

    // A window is filled again and again from its beginning to its end: with pages of 4 KB that is mostly finding out where they are. What is short of
    // the first large page has small ones, as all that a small rollout uses.
    private static void* AllocateForReading(void* owner, nuint bytes)
    {
        if (bytes < 2 * LargePage)
        {
            var small = NativeMemory.Alloc(bytes + HeaderBytes);
            return Begin(small, small, 0, isKept: false);
        }

        var pages = (bytes + HeaderBytes + LargePage - 1) & ~(LargePage - 1);
        if (TakeKept(pages + LargePage) is var again && again != null)
        {
            return again;
        }

        var mapped = Map(null, pages + LargePage, ReadAndWrite, PrivateAndAnonymous, -1, 0);
        if (mapped == (void*)-1)
        {
            return null;
        }

        var at = (byte*)(((nuint)mapped + LargePage - 1) & ~(LargePage - 1));
        _ = Advise(at + LargePage, pages - LargePage, InLargePages);
        return Begin(at, mapped, pages + LargePage, isKept: pages <= MostKept);
    }

    // What a block was mapped with stands before it, which of one of the C library's is nothing, and whether it is worth to be kept.
    private static void* Begin(void* at, void* mapped, nuint bytes, bool isKept)
    {
        ((nuint*)at)[0] = (nuint)mapped;
        ((nuint*)at)[1] = bytes;
        ((nuint*)at)[2] = isKept ? 1u : 0;
        return (byte*)at + HeaderBytes;
    }

    private static void Free(void* owner, void* address)
    {
        if (address == null)
        {
            return;
        }

        var at = (nuint*)((byte*)address - HeaderBytes);
        if (at[1] == 0)
        {
            NativeMemory.Free((void*)at[0]);
        }
        else if (!TryKeep(at))
        {
            _ = Unmap((void*)at[0], at[1]);
        }
    }

    // Whoever has read a rollout once mostly reads it again, and getting large pages takes the system as long as filling them. One block in the process
    // is kept for that, which the system takes when it needs memory.
    private static bool TryKeep(nuint* block)
    {
        if (block[2] == 0)
        {
            return false;
        }

        _ = Advise((byte*)block + LargePage, block[1] - (2 * LargePage), FreeIfNeeded);
        return Interlocked.CompareExchange(ref kept, (nint)block, 0) == 0;
    }

    private static void* TakeKept(nuint bytes)
    {
        var block = (nuint*)Interlocked.Exchange(ref kept, 0);
        if (block == null || block[1] == bytes)
        {
            return block == null ? null : (byte*)block + HeaderBytes;
        }

        _ = Unmap((void*)block[0], block[1]);
        return null;
    }

    [DllImport("libc", EntryPoint = "mmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void* Map(void* address, nuint length, int protection, int flags, int file, long offset);

    [DllImport("libc", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unmap(void* address, nuint length);

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(void* address, nuint length, int advice);
}
