using System.Buffers;
using System.Text;
using System.Text.Json;
using RolloutTrace.Payloads;

namespace RolloutTrace.Tests.Payloads;

/// <summary>Pieces come out as the whole would, byte for byte, wherever they are parted.</summary>
public class LongTextTests
{
    // In code: the attributes of a test cannot hold half a character.
    private static readonly string[] Patterns = ["x", "é", "🙂", "x🙂", "\"", "\\\u0001", "xé🙂\"", "\ud800", "\udc00x", "\u2028"];

    [Fact]
    public void A_text_in_pieces_is_the_text()
    {
        foreach (var (pattern, length) in Patterns.SelectMany(p => (int[])[1, 16 << 10, (16 << 10) + 1, (32 << 10) + 1, 100_000], ValueTuple.Create))
        {
            var text = string.Concat(Enumerable.Repeat(pattern, (length / pattern.Length) + 1))[..length];

            Written(writer => LongText.Write(writer, text)).ShouldBe(Written(writer => writer.WriteStringValue(text)), $"{length}");
        }
    }

    [Fact]
    public void Two_texts_are_one()
    {
        foreach (var (first, second) in ((string, string)[])[("", ""), ("out", ""), ("", "err"), ("out", "err"), ("half \ud83d", "\ude42")])
        {
            Written(writer => LongText.Write(writer, first, second)).ShouldBe(Written(writer => writer.WriteStringValue(first + second)));
        }
    }

    [Fact]
    public void Raw_json_in_pieces_keeps_the_document_around_it()
    {
        foreach (var value in ((string[])["x", "é", "🙂", "x🙂"]).Select(p => $"\"{string.Concat(Enumerable.Repeat(p, 50_000))}\""))
        foreach (var raw in (JsonPayload[])[JsonPayload.OfJson(value), Encoding.UTF8.GetBytes(value)])
        {
            var payload = new CheckpointPayload { InputHistory = raw, ReplacementHistory = raw };
            var buffer = new ArrayBufferWriter<byte>();

            JsonPayload.From(payload, PayloadJsonContext.Default.CheckpointPayload).WriteTo(buffer);

            Encoding.UTF8.GetString(buffer.WrittenSpan).ShouldBe($$"""{"input_history":{{value}},"replacement_history":{{value}}}""");
        }
    }

    private static string Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, PayloadJson.WriterOptions))
        {
            writer.WriteStartArray();
            write(writer);
            writer.WriteNumberValue(1);
            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
