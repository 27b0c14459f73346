namespace RolloutTrace.Bundle;

/// <summary>Cleaning up behind a failure that is being reported already: a second failure has nothing to add.</summary>
internal static class BestEffort
{
    public static void DeleteFile(string path) => Try(static p => File.Delete(p), path);

    public static void DeleteDirectory(string path) => Try(static p => Directory.Delete(p, recursive: true), path);

    private static void Try(Action<string> action, string path)
    {
        try
        {
            action(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left is without a manifest or without a line that names it, so no reader takes it for evidence.
        }
    }
}
