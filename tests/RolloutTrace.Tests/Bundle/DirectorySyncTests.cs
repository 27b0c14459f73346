using Microsoft.Win32.SafeHandles;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

public class DirectorySyncTests
{
    [Fact]
    public void Content_ThatTheSystemDoesNotKeep_IsAnError_ThatNamesTheFile()
    {
        if (!NativeFile.IsSupported)
        {
            return;
        }

        // There is no file of this number, so the system refuses.
        using var file = new SafeFileHandle(1 << 20, ownsHandle: false);

        Should.Throw<IOException>(() => DirectorySync.Content(file, "/a/b")).Message.ShouldContain("/a/b");
    }

    [Fact]
    public void Content_OfAFile_IsKept()
    {
        var path = Path.GetTempFileName();
        try
        {
            DirectorySync.File(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
