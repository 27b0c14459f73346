using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Reading;

public sealed class EscapedJsonTests
{
    private static readonly string[] Pieces =
    [
        "plain words of a line, ", "\\n", "\\\"", "\\\\", "\\/", "\\t", "\\u00e9", "\\uD83D\\uDE80", "\\ud83d", "東京", "Q", "B", "_", "\"", "\\", "\\x", "\\u12", "{", "}", "[", "]", ",", ":",
        "1", "true", " ", "\n", "\u0001",
    ];

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 };

    [Fact]
    public void Parse_LongTextsWithEscapes_SaysTheSameAsItsParserAndLeavesTheBytes()
    {
        var text = string.Concat(Enumerable.Repeat("one \"line\"\n\tpath\\to\r\n\b\f/\u0001\u00e9 東京 \uD83D\uDE80", 30));
        foreach (var value in new object[] { text, text + "\\", text + "\"", text + "x\\", "\\" + text, "\"" + text + "end", new[] { text, "", text }, new { text, other = new { text } } })
        {
            ShouldBeParsedAlike(JsonSerializer.SerializeToUtf8Bytes(value));
        }
    }

    [Fact]
    public void Parse_ATextThatIsCutAnywhere_FailsAsItsParserDoes()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new { a = string.Concat(Enumerable.Repeat("line \"one\"\n\\", 50)) });
        for (var length = 512; length < json.Length; length++)
        {
            ShouldBeParsedAlike(json[..length]);
        }
    }

    /// <summary>Many bytes are looked at at once: an escape, or what only looks like one, may begin in them and end in the next, or where the text does.</summary>
    [Fact]
    public void Parse_AnEscapeAnywhere_SaysTheSameAsItsParser()
    {
        foreach (var escape in (string[])["\\n", "\\\"", "\\\\", "\\\\\\\"", "\\u00e9", "\\u00e9\\n\\u00e9", "\\uD83D\\uDE80", "\\ud83d", "\\x", "\\u12", "\"", "\\\\\"", "東京\\n"])
        {
            foreach (var before in Enumerable.Range(0, 8).Concat(Enumerable.Range(56, 16)))
            {
                ShouldBeParsedAlike(Encoding.UTF8.GetBytes($"[\"{new string('Q', before)}{escape}{new string('B', 512)}{escape}\"]"));
            }
        }
    }

    [Fact]
    public void Parse_Anything_SaysTheSameAsItsParser() =>
        Prop.ForAll(
            Gen.Elements(Pieces).ListOf().ToArbitrary(),
            pieces => ShouldBeParsedAlike(Encoding.UTF8.GetBytes($"{{\"a\":\"{string.Concat(pieces)}{new string('x', 512)}\\n\",\"b\":[\"{string.Concat(pieces.Take(9))}\"]}}")))
            .ShouldHold(cases: 400, endSize: 60);

    [Fact]
    public void LengthOfValue_WhatIsJson_IsItsLengthAndOfAnythingElseNone()
    {
        var text = JsonSerializer.Serialize(string.Concat(Enumerable.Repeat("line \"one\"\n\\", 50)));
        foreach (var value in new[] { text, $"[{text}]", $"{{\"a\":[{text},1]}}", $" \t\r\n{{\"a\":{text}}}" })
        {
            Length($"{value},\"b\":1}}").ShouldBe(Encoding.UTF8.GetByteCount(value));
            Length(value).ShouldBe(Encoding.UTF8.GetByteCount(value));
            Length(value[..^1]).ShouldBe(0);
            Length(value.Replace("line", "li\u0001e", StringComparison.Ordinal)).ShouldBe(0);
            Length(value.Replace("\\n", "\\x", StringComparison.Ordinal)).ShouldBe(0);
        }

        Length($"[{text},]").ShouldBe(0);
        Length($"[[[[[[[[[{text}]]]]]]]]]").ShouldBe(0);
        Length("").ShouldBe(0);
        Length("  ").ShouldBe(0);
        Length($"1,{text}").ShouldBe(0);
        Length("\"short\"").ShouldBe(0);
    }

    private static int Length(string json) => EscapedJson.LengthOfValue(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = Options.MaxDepth });

    private static void ShouldBeParsedAlike(byte[] json)
    {
        var before = json.ToArray();

        Said(() => EscapedJson.Parse(json, Options)).ShouldBe(Said(() => JsonDocument.Parse(before, Options)));

        json.ShouldBe(before);
    }

    // Each value as its text, decoded where it can be, or else what is wrong.
    private static string Said(Func<JsonDocument> parse)
    {
        try
        {
            using var document = parse();
            var said = new StringBuilder();
            Add(document.RootElement, said);
            return said.ToString();
        }
        catch (JsonException e)
        {
            return e.Message;
        }
    }

    private static void Add(JsonElement value, StringBuilder said)
    {
        said.Append(value.ValueKind).Append(' ').Append(value.GetRawText()).Append('\n');
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    said.Append(Text(() => member.Name)).Append('=');
                    Add(member.Value, said);
                }

                break;
            case JsonValueKind.Array:
                foreach (var entry in value.EnumerateArray())
                {
                    Add(entry, said);
                }

                break;
            case JsonValueKind.String:
                said.Append(Text(() => value.GetString()!)).Append('\n');
                break;
        }
    }

    private static string Text(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return "(no text)";
        }
    }
}
