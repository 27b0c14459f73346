namespace RolloutTrace.Bundle;

/// <summary>Why a file cannot be used, in words for people: the library's hold the file's name, which stands before them already.</summary>
internal static class FileTrouble
{
    private const string NameFollows = " : '";

    /// <summary>What the system says.</summary>
    /// <param name="error">Its exception.</param>
    /// <param name="otherwise">What is to be said before the reason where it is none that everybody knows, such as <c>cannot be opened</c>.</param>
    public static string Of(Exception error, string otherwise) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "permission denied",
        IOException { Message: PlainFile.NotAFile or PlainFile.ADirectory } => error.Message,
        _ => $"{otherwise}: {WithoutName(error.Message)}",
    };

    private static string WithoutName(string message) => message.IndexOf(NameFollows, StringComparison.Ordinal) is var end and > 0 ? message[..end] : message;
}
