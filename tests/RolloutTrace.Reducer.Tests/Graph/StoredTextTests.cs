using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RolloutTrace.Reducer.Tests.Graph;

public sealed class StoredTextTests
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("line \"one\"\n\tpath\\to\r\n\b\f", 50));

    [Fact]
    public void Of_AnyCharacterHoweverItCame_IsWrittenAsAWriterWritesIt()
    {
        var characters = Enumerable.Range(0, 0x250).Concat([0x2028, 0x20AC, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0x1F600]).Select(char.ConvertFromUtf32);
        foreach (var character in characters)
        {
            var text = Long + character + Long + character;
            foreach (var json in new[] { Quoted(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping), Quoted(text, JavaScriptEncoder.Default), Quoted(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Replace("o", "\\u006f", StringComparison.Ordinal).Replace("e", "\\u0065", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal) })
            {
                foreach (var stored in (StoredText[])[Stored(json), Stored(json, new TextMemory())])
                {
                    Written(stored).ShouldBe($$"""{"text":{{Quoted(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}}}""", character);
                    stored.ToString().ShouldBe(text);
                }
            }
        }
    }

    /// <summary>Many bytes are looked at at once: what is to be said otherwise may begin in them and end in the next.</summary>
    [Fact]
    public void Of_AnEscapeAnywhere_IsWrittenAsAWriterWritesIt()
    {
        foreach (var escape in (string[])["\\n", "\\\\n", "\\\"", "\\/", "\\u000A", "\\u005c\\u0022", "\\u00e9", "\\u2028", "\u2028", "\\uD83D\\uDE00", "\U0001F600", "é\\té", "\u007f", "\\u007F"])
        {
            foreach (var before in Enumerable.Range(0, 8).Concat(Enumerable.Range(56, 16)))
            {
                var json = $"\"{new string('u', before)}{escape}{new string('n', 512)}{escape}\"";
                var text = JsonSerializer.Deserialize<string>(json)!;

                Written(Stored(json)).ShouldBe($$"""{"text":{{Quoted(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}}}""");
            }
        }
    }

    [Fact]
    public void Equals_TheSameTextKeptEitherWay_IsTheSame()
    {
        var kept = Stored(Quoted(Long, JavaScriptEncoder.UnsafeRelaxedJsonEscaping));
        var made = StoredText.Of(Long);

        kept.ShouldBe(made);
        kept.GetHashCode().ShouldBe(made.GetHashCode());
        kept.ShouldBe(Stored(Quoted(Long, JavaScriptEncoder.Default)));
        Stored(Quoted(Long, JavaScriptEncoder.Default)).ShouldBe(Stored(Quoted(Long, JavaScriptEncoder.Default)));
        kept.ShouldBe(Stored(Quoted(Long, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)));
        kept.ShouldNotBe(Stored(Quoted(Long + ".", JavaScriptEncoder.UnsafeRelaxedJsonEscaping)));
        kept.Equals(null).ShouldBeFalse();
    }

    /// <summary>A text has one hash however it came and is kept, so that an item that says it is found by it: around where a text begins to be kept as JSON, too.</summary>
    [Fact]
    public void GetHashCode_OfTheSameText_DoesNotDependOnHowItIsKept()
    {
        foreach (var sign in (string[])["x", "\n", "é", "\u0001", "\u2028", "\U0001F600"])
        {
            foreach (var length in (int[])[1, 50, 84, 85, 86, 100, 127, 170, 254, 255, 256, 509, 510, 511, 512, 600])
            {
                var text = string.Concat(Enumerable.Repeat(sign, length));
                var escaped = Stored($"\"{string.Concat(text.Select(static c => $"\\u{(int)c:x4}"))}\"");
                var plain = Stored(Quoted(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping));
                var read = Stored(Quoted(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping));
                read.ToString().ShouldBe(text);
                var inMemory = Stored(Quoted(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping), new TextMemory());

                foreach (var one in (StoredText[])[escaped, plain, read, inMemory, StoredText.Of(text)])
                {
                    foreach (var other in (StoredText[])[escaped, plain, read, inMemory, StoredText.Of(text)])
                    {
                        one.ShouldBe(other);
                        one.GetHashCode().ShouldBe(other.GetHashCode());
                    }

                    one.ShouldNotBe(StoredText.Of(text + "y"));
                }
            }
        }
    }

    [Fact]
    public void Of_TextThatIsNoUnicode_HasAHashToo() =>
        StoredText.Of(new string('\ud800', 600)).GetHashCode().ShouldBe(StoredText.Of(new string('\ud800', 600)).GetHashCode());

    [Fact]
    public void Part_OfATextKeptEitherWay_IsTheSame()
    {
        var kept = new TextPart { Text = "", Stored = Stored(Quoted(Long, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)) };

        kept.ShouldBe(new TextPart { Text = Long });
        kept.Text.ShouldBe(Long);
        kept.ShouldBe(new TextPart { Text = Long });
        (kept with { Text = "other" }).Text.ShouldBe("other");
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\ud800\\u0041")]
    [InlineData("\\ud800\\n")]
    [InlineData("\\udc00")]
    [InlineData("\\ud800 \\udc00")]
    public void Of_HalfASurrogatePair_IsNoText(string half)
    {
        var json = Quoted(Long, JavaScriptEncoder.Default)[..^1] + half + "\"";

        Should.Throw<InvalidOperationException>(() => Stored(json));
        Should.Throw<InvalidOperationException>(() => Stored(json, new TextMemory()));
    }

    [Fact]
    public void Of_BytesThatAreNoText_IsNoText()
    {
        using var document = JsonDocument.Parse((byte[])[(byte)'"', .. Encoding.ASCII.GetBytes(new string('x', 1000)), 0xC3, (byte)'"']);

        Should.Throw<InvalidOperationException>(() => StoredText.Of(document.RootElement));
    }

    [Fact]
    public void Result_OfTextsKeptEitherWay_IsTheSame()
    {
        var kept = new TerminalResult { Stdout = "", StoredStdout = Stored(Quoted(Long, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)), Stderr = "", ExitCode = 1 };
        var made = new TerminalResult { Stdout = Long, Stderr = "", ExitCode = 1 };

        kept.ShouldBe(made);
        kept.Stdout.ShouldBe(Long);
        (kept with { Stderr = "e" }).ShouldBe(made with { Stderr = "e" });
        (kept with { FormattedOutput = "" }).ShouldNotBe(made);
    }

    private static StoredText Stored(string json, TextMemory? memory = null)
    {
        using var document = JsonDocument.Parse(json);
        return StoredText.Of(document.RootElement, memory);
    }

    private static string Quoted(string text, JavaScriptEncoder encoder) => $"\"{JsonEncodedText.Encode(text, encoder)}\"";

    private static string Written(StoredText text)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
        {
            writer.WriteStartObject();
            text.Write(writer, "text"u8, buffer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
