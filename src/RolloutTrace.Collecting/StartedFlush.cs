using Microsoft.Win32.SafeHandles;

namespace RolloutTrace.Collecting;

/// <summary>A flush that waits for the device.</summary>
/// <param name="file">What is to be flushed; null where that is not wanted.</param>
/// <param name="end">Up to where it was written.</param>
internal sealed class StartedFlush(SafeFileHandle? file, long end)
{
    public long End => end;

    /// <summary>Waits until the device keeps it.</summary>
    /// <exception cref="IOException">It does not.</exception>
    public void Wait()
    {
        if (file is not null)
        {
            RandomAccess.FlushToDisk(file);
        }
    }
}
