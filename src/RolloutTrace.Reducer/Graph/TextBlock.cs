using System.Runtime.InteropServices;

namespace RolloutTrace.Reducer;

/// <summary>Bytes outside of the collected heap, given back when nobody has this any more. Safe for concurrent reading.</summary>
internal sealed unsafe class TextBlock
{
    /// <summary>How large the pages are that large blocks are made of, where the system has such.</summary>
    public const int LargePage = 2 << 20;

    private const int AdviseLargePages = 14;

    private readonly byte* memory;

    /// <param name="length">How many bytes.</param>
    public TextBlock(int length)
    {
        Length = length;
        if (length < LargePage)
        {
            memory = (byte*)NativeMemory.Alloc((nuint)length);
        }
        else
        {
            memory = (byte*)NativeMemory.AlignedAlloc((nuint)length, LargePage);
            if (OperatingSystem.IsLinux())
            {
                // Only asked for; where there are none, the usual ones do.
                _ = Advise(memory, (nuint)(length & ~(LargePage - 1)), AdviseLargePages);
            }
        }

        GC.AddMemoryPressure(length);
    }

    ~TextBlock()
    {
        if (Length < LargePage)
        {
            NativeMemory.Free(memory);
        }
        else
        {
            NativeMemory.AlignedFree(memory);
        }

        GC.RemoveMemoryPressure(Length);
    }

    /// <summary>How many bytes there are.</summary>
    public int Length { get; }

    /// <summary>The bytes. Who uses them keeps the block alive meanwhile.</summary>
    public Span<byte> Span => new(memory, Length);

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(void* address, nuint length, int advice);
}
