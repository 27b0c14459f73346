using System.Text;

namespace RolloutTrace.Reducer.Redaction;

/// <summary>The text of a file or line, from which its bytes can be made again.</summary>
internal sealed class FileText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Encoding encoding;

    private FileText(string text, Encoding encoding)
    {
        Text = text;
        this.encoding = encoding;
        Json = JsonTokens.Of(text);
    }

    public string Text { get; }

    public JsonTokens Json { get; }

    /// <summary>Takes bytes: UTF-8, or else a character each.</summary>
    public static FileText Of(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new FileText(Utf8.GetString(bytes), Utf8);
        }
        catch (DecoderFallbackException)
        {
            return new FileText(Encoding.Latin1.GetString(bytes), Encoding.Latin1);
        }
    }

    /// <summary>The bytes of a text that was made from this one.</summary>
    public byte[] BytesOf(string text) => encoding.GetBytes(text);
}
