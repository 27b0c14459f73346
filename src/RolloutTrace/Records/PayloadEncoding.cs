namespace RolloutTrace.Records;

/// <summary>How the chunks of a payload file hold it.</summary>
public static class PayloadEncoding
{
    /// <summary>The file's text, cut between characters.</summary>
    public const string Utf8 = "utf8";

    /// <summary>The file, cut anywhere. In a string body each chunk is base64 by itself.</summary>
    public const string Base64 = "base64";

    /// <summary>The file's gzip, cut anywhere. In a string body each chunk is base64 by itself.</summary>
    public const string Gzip = "gzip";

    /// <summary>Whether a word is one of them.</summary>
    /// <param name="word">Any text.</param>
    public static bool IsKnown(string? word) => word is Utf8 or Base64 or Gzip;
}
