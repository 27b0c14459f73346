using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.TestSupport;
using RolloutTrace.Wire;

namespace RolloutTrace.Tests.Wire;

public sealed class JsonContainerTests
{
    private static readonly string[] Pieces = ["{", "}", "[", "]", "\"", "\\", "\\\\", "\\\"", ",", "a", " ", "é", "0123456789012345678901234567890123456789012345678901234567890123"];

    [Theory]
    [InlineData("{}", 2)]
    [InlineData("[]x", 2)]
    [InlineData("[[],{}]]", 7)]
    [InlineData("""{"a":"}"}""", 9)]
    [InlineData("""{"a":"\"}"}""", 11)]
    [InlineData("""{"a":"\\"}"}""", 10)]
    [InlineData("{", 0)]
    [InlineData("""{"a":"}""", 0)]
    [InlineData("[[]", 0)]
    public void The_end_of_a_container_is_where_the_first_one_closes(string json, int length) => JsonContainer.Length(Encoding.UTF8.GetBytes(json)).ShouldBe(length);

    [Fact]
    public void Whatever_stands_where_blocks_meet_is_read_as_if_it_stood_anywhere_else()
    {
        string[] tails = ["\"]\"]", "\"\\\"]\"]", "\"\\\\\"]", "\"\\\\\\\"]\"]", "[\"\"]]", "\"\\\\\\\\\"]"];
        foreach (var tail in tails)
        {
            for (var before = 0; before < 200; before++)
            {
                var json = $"[{new string(' ', before)}{tail}";

                JsonContainer.Length(Encoding.UTF8.GetBytes(json + "]]")).ShouldBe(json.Length, json);
            }
        }
    }

    [Fact]
    public void Any_text_has_the_end_that_is_found_byte_by_byte() => Prop
        .ForAll(Gen.Elements(Pieces).ListOf().Resize(200).ToArbitrary(), static pieces =>
        {
            var json = Encoding.UTF8.GetBytes("[" + string.Concat(pieces));

            return JsonContainer.Length(json) == ByteByByte(json);
        })
        .ShouldHold();

    // A backslash takes the byte behind it with it, in a string or not.
    private static int ByteByByte(byte[] json)
    {
        var (depth, inString) = (0, false);
        for (var at = 0; at < json.Length; at++)
        {
            switch (json[at])
            {
                case (byte)'\\':
                    at++;
                    depth += !inString && at < json.Length ? Depth(json[at]) : 0;
                    break;
                case (byte)'"':
                    inString = !inString;
                    break;
                default:
                    depth += inString ? 0 : Depth(json[at]);
                    break;
            }

            if (depth == 0)
            {
                return at + 1;
            }
        }

        return 0;
    }

    private static int Depth(byte sign) => sign switch
    {
        (byte)'{' or (byte)'[' => 1,
        (byte)'}' or (byte)']' => -1,
        _ => 0,
    };
}
