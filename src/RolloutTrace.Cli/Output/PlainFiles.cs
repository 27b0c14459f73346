using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>Files that a command line names. A pipe or a device is not opened: it may never answer.</summary>
internal static class PlainFiles
{
    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="BundleException">It cannot be opened; the message names it.</exception>
    public static Stream Open(string path)
    {
        var target = Path.GetFullPath(path);
        try
        {
            target = File.ResolveLinkTarget(target, returnFinalTarget: true)?.FullName ?? target;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException($"{path}: {SystemWords.Of(e)}", e);
        }

        return BundleFiles.InDirectory(Path.GetDirectoryName(target)!).OpenRead(Path.GetFileName(target));
    }
}
