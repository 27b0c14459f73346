using System.Buffers.Text;

namespace RolloutTrace.Viewer.Page;

/// <summary>Writes bytes as base64 on lines that editors and mail can take.</summary>
internal static class Base64Lines
{
    // Both are whole groups: a line has no padding but the last.
    private const int BytesInLine = 3 * 1024;

    public static void Write(Stream bytes, Stream destination)
    {
        var line = new byte[BytesInLine];
        var text = new byte[(BytesInLine / 3 * 4) + 1];
        int read;
        while ((read = bytes.ReadAtLeast(line, BytesInLine, throwOnEndOfStream: false)) > 0)
        {
            Base64.EncodeToUtf8(line.AsSpan(0, read), text, out _, out var written);
            text[written] = (byte)'\n';
            destination.Write(text.AsSpan(0, written + 1));
        }
    }
}
