using System.Runtime.InteropServices;

namespace RolloutTrace.Reducer;

/// <summary>Bytes outside of the collected heap, given back when nobody has this any more. Safe for concurrent reading.</summary>
internal sealed unsafe class TextBlock : SafeHandle
{
    /// <summary>How large the pages are that large blocks are made of, where the system has such.</summary>
    public const int LargePage = 2 << 20;

    private const int AdviseLargePages = 14;

    private TextBlock(int length)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        Length = length;
        var memory = length < LargePage ? NativeMemory.Alloc((nuint)length) : NativeMemory.AlignedAlloc((nuint)length, LargePage);
        SetHandle((nint)memory);
        GC.AddMemoryPressure(length);
        if (length >= LargePage && OperatingSystem.IsLinux())
        {
            // Only asked for; where there are none, the usual ones do.
            _ = Advise(memory, (nuint)(length & ~(LargePage - 1)), AdviseLargePages);
        }
    }

    /// <summary>A block, of which nobody disposes: each of its texts keeps it.</summary>
    /// <param name="length">How many bytes.</param>
    public static TextBlock Of(int length) => new(length);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>How many bytes there are.</summary>
    public int Length { get; }

    /// <summary>The bytes. Who uses them keeps the block alive meanwhile.</summary>
    public Span<byte> Span => new((void*)handle, Length);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        if (Length < LargePage)
        {
            NativeMemory.Free((void*)handle);
        }
        else
        {
            NativeMemory.AlignedFree((void*)handle);
        }

        GC.RemoveMemoryPressure(Length);
        return true;
    }

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(void* address, nuint length, int advice);
}
