using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Input;

/// <summary>
/// Reads a file of one JSON object a line. Lines that cannot be read are told and passed over. Bytes that are no UTF-8 are U+FFFD; NUL
/// bytes before a line, which a crash leaves, are skipped; a line of two whole objects gives both.
/// </summary>
internal sealed class JsonLines(InputFile file, ImportRun run)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth, AllowMultipleValues = true };

    /// <summary>How many lines gave at least one object.</summary>
    public long Readable { get; private set; }

    /// <summary>The objects, one by one. Each is valid until the next is asked for.</summary>
    public IEnumerable<JsonLine> Read()
    {
        using var lines = new LineReader(file.Read(), file.Path, run.Limits.MaxLineBytes);
        while (MoveNext(lines))
        {
            if (lines.LineNumber > run.Limits.MaxLines)
            {
                Unreadable(lines.LineNumber, $"lines behind number {run.Limits.MaxLines}, which is the limit, are not read");
                yield break;
            }

            if (lines.IsTooLong)
            {
                Unreadable(lines.LineNumber, $"is longer than {run.Limits.MaxLineBytes} bytes");
                continue;
            }

            var bytes = Sound(lines.Current);
            var start = 0;
            while (Next(bytes, ref start, lines.LineNumber) is { } document)
            {
                using (document)
                {
                    if (document.RootElement.ValueKind == JsonValueKind.Object)
                    {
                        Readable++;
                        yield return new JsonLine(lines.LineNumber, document.RootElement);
                    }
                    else
                    {
                        Unreadable(lines.LineNumber, "is JSON, but no object");
                    }
                }
            }
        }
    }

    /// <summary>Goes to the next line of a file.</summary>
    /// <exception cref="IOException">The file cannot be read on.</exception>
    public static bool MoveNext(LineReader lines)
    {
        try
        {
            return lines.MoveNext();
        }
        catch (BundleException e)
        {
            throw new IOException((e.InnerException ?? e).Message, e);
        }
    }

    private static byte[] Sound(ReadOnlySpan<byte> line)
    {
        line = line.Trim("\0 \t\r\n\v\f"u8);
        return Utf8.IsValid(line) ? line.ToArray() : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line));
    }

    private JsonDocument? Next(byte[] bytes, ref int start, long line)
    {
        var rest = bytes.AsMemory(start);
        if (rest.Span.Trim(" \t\r\0"u8).IsEmpty)
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(rest.Span, Options);
            reader.Read();
            reader.Skip();
            var length = (int)reader.BytesConsumed;
            start += length;
            return JsonDocument.Parse(rest[..length], new JsonDocumentOptions { MaxDepth = BundleReaderOptions.MaxDepth });
        }
        catch (JsonException)
        {
            start = bytes.Length;
            Unreadable(line, "is torn, or no JSON");
            return null;
        }
    }

    private void Unreadable(long line, string message) => run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.LineUnreadable, file.Path, line, message);
}

/// <summary>An object that stands on a line.</summary>
/// <param name="Number">The line's number, from 1.</param>
/// <param name="Root">The object.</param>
internal readonly record struct JsonLine(long Number, JsonElement Root);
