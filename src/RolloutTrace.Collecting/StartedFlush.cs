using Microsoft.Win32.SafeHandles;
using RolloutTrace.Bundle;

namespace RolloutTrace.Collecting;

/// <summary>A flush that waits for the device.</summary>
/// <param name="file">What is to be flushed; null where that is not wanted.</param>
/// <param name="path">What it is called.</param>
/// <param name="end">Up to where it was written.</param>
internal sealed class StartedFlush(SafeFileHandle? file, string path, long end)
{
    public long End => end;

    /// <summary>Waits until the device keeps it.</summary>
    /// <exception cref="IOException">It does not.</exception>
    public void Wait()
    {
        if (file is not null)
        {
            DirectorySync.Content(file, path);
        }
    }
}
