using System.Text;
using System.Text.Json;
using RolloutTrace.Content;

namespace RolloutTrace.Tests;

/// <summary>Of a document that is only there in part, or has a string that is not read whole, the cut is the cut of the whole.</summary>
public class JsonCutOfBeginningTests
{
    public static TheoryData<string> Documents =>
    [
        $"[\"{new string('x', 5000)}\"]", $$"""{"a":1,"b":"{{new string('é', 5000)}}","c":2}""", $"\"{Repeat("🙂")}\"", $"\"{Repeat("\\ud83d\\ude42")}\"",
        $"\"{Repeat("\\n\\u0001x")}\"", $"[{Repeat("1,")}1]", $$"""{"{{new string('n', 5000)}}":1}""", $"[{Repeat("[],")}[]]", $$"""{"a": [ "{{Repeat("\\\\")}}" ] }""",
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void The_beginning_gives_what_the_whole_gives(string document)
    {
        var utf8 = Encoding.UTF8.GetBytes(document);
        var whole = JsonCut.Cut(utf8, 64);

        for (var length = 800; length < 900; length++)
        {
            JsonCut.Cut(utf8.AsSpan(0, length), 64, isWhole: false).ShouldBe(whole);
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Wherever_it_is_torn_it_is_json_within_the_limit(string document)
    {
        var utf8 = Encoding.UTF8.GetBytes(document);
        for (var length = 1; length < 200; length++)
        {
            var cut = JsonCut.Cut(utf8.AsSpan(0, length), 64, isWhole: false);
            Encoding.UTF8.GetByteCount(cut).ShouldBeLessThanOrEqualTo(64);
            if (cut.Length > 0)
            {
                JsonDocument.Parse(cut).Dispose();
            }
        }
    }

    private static string Repeat(string text) => string.Concat(Enumerable.Repeat(text, 1000));
}
