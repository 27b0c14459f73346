namespace RolloutTrace.Cli;

/// <summary>What the system says of a file, in words for people. The library's hold a path, which may be that of a file that is only there for a moment.</summary>
internal static class SystemWords
{
    private const string NameFollows = " : '";

    public static string Of(Exception error) => error switch
    {
        UnauthorizedAccessException => "permission denied",
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "there is no such directory",
        _ => error.Message.IndexOf(NameFollows, StringComparison.Ordinal) is var end and > 0 ? error.Message[..end] : error.Message,
    };
}
