using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.TestSupport;
using RolloutTrace.Wire;

namespace RolloutTrace.Tests.Wire;

public class SoundJsonSequenceTests
{
    [Fact]
    public void Whatever_came_before_a_document_is_judged_as_if_it_were_alone() =>
        Prop.ForAll(Documents().ToArbitrary(), static documents =>
        {
            var sequence = new SoundJsonSequence();
            for (var i = 0; i < documents.Length; i++)
            {
                var (expected, actual) = (documents[i].ToArray(), documents[i].ToArray());
                Judge(actual, sequence).ShouldBe(Judge(expected, sequence: null), $"document {i}");
                actual.ShouldBe(expected);
            }

            return true;
        }).ShouldHold(300);

    [Fact]
    public void What_two_documents_begin_with_is_not_looked_at_twice_and_counts_of_what_is_mended_are_right()
    {
        var sequence = new SoundJsonSequence();
        var history = $"{{\"input\":[{string.Join(',', Enumerable.Range(0, 3000).Select(static n => $"\"word {n}\""))}";
        Judge(Encoding.UTF8.GetBytes(history + "]}"), sequence).ShouldBe("sound, 0 mended");
        sequence.KeptBytes.ShouldBeInRange(history.Length + 2, 2 * history.Length);

        Judge(Encoding.UTF8.GetBytes(history + ",\"\\ud83d\"]}"), sequence).ShouldBe("sound, 1 mended");
        Judge(Encoding.UTF8.GetBytes(history + ",\"\\ud83d\"]}"), sequence).ShouldBe("sound, 1 mended");
        Judge(Encoding.UTF8.GetBytes(history + ",1"), sequence).ShouldBe("no JSON");
        Judge(Encoding.UTF8.GetBytes(history + ",12]}"), sequence).ShouldBe("sound, 0 mended");
        Judge(Encoding.UTF8.GetBytes(history + ",123]}"), sequence).ShouldBe("sound, 0 mended");
        Judge([.. Encoding.UTF8.GetBytes(history), (byte)',', (byte)'"', 0xFF, (byte)'"', (byte)']', (byte)'}'], sequence).ShouldBe("no UTF-8");
    }

    [Fact]
    public void A_string_that_goes_on_where_the_one_before_ended_is_a_longer_string()
    {
        var sequence = new SoundJsonSequence();
        var text = new string('a', 20_000);
        Judge(Encoding.UTF8.GetBytes($"[\"{text}\"]"), sequence).ShouldBe("sound, 0 mended");
        Judge(Encoding.UTF8.GetBytes($"[\"{text}b\"]"), sequence).ShouldBe("sound, 0 mended");
        Judge(Encoding.UTF8.GetBytes($"[\"{text}b\"\"c\"]"), sequence).ShouldBe("no JSON");
        Judge(Encoding.UTF8.GetBytes($"[\"{text}b\"]]"), sequence).ShouldBe("no JSON");
        Judge(Encoding.UTF8.GetBytes($"[\"{text}b\""), sequence).ShouldBe("no JSON");
        Judge(Encoding.UTF8.GetBytes($"[\"{text}b\"] "), sequence).ShouldBe("sound, 0 mended");
    }

    [Fact]
    public void What_is_cleared_keeps_nothing()
    {
        var sequence = new SoundJsonSequence();
        Judge("[1,2,3]"u8.ToArray(), sequence).ShouldBe("sound, 0 mended");
        sequence.Clear();
        sequence.KeptBytes.ShouldBe(0);
        Judge("[1,2,3"u8.ToArray(), sequence).ShouldBe("no JSON");
    }

    private static string Judge(byte[] document, SoundJsonSequence? sequence)
    {
        try
        {
            var isText = sequence is null ? SoundJson.Mend(document, out var halves) : sequence.Mend(document, out halves);
            return isText ? $"sound, {halves} mended" : "no UTF-8";
        }
        catch (JsonException)
        {
            return "no JSON";
        }
    }

    // A history that grows, is cut anywhere, goes on otherwise, or has a byte changed; deep, with escapes and halves of pairs now and then.
    internal static Gen<byte[][]> Documents() =>
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from count in Gen.Choose(2, 8)
        select Make(new Random(seed), count);

    private static byte[][] Make(Random random, int count)
    {
        var documents = new List<byte[]>();
        var history = new StringBuilder("{\"model\":\"m\",\"input\":[0");
        for (var i = 0; i < count; i++)
        {
            var kept = random.Next(4) == 0 ? random.Next(10, history.Length) : history.Length;
            history.Length = random.Next(3) == 0 ? kept : history.Length;
            for (var n = random.Next(400); n >= 0; n--)
            {
                history.Append(',').Append(Item(random));
            }

            var document = Encoding.UTF8.GetBytes($"{history}{(random.Next(10) == 0 ? "" : "],\"tools\":[]}")}");
            if (random.Next(4) == 0)
            {
                document[random.Next(document.Length)] = (byte)random.Next(256);
            }

            documents.Add(document);
        }

        return [.. documents];
    }

    private static string Item(Random random) => random.Next(9) switch
    {
        0 => $"{random.Next(100000)}",
        1 => $"\"{new string('é', random.Next(60))}\"",
        2 => $"[[{random.Next()}, {{\"a\":[]}}]]",
        3 => "\"\\ud83d\\ude80 \\n\"",
        4 => random.Next(60) == 0 ? "\"\\ud83d\"" : "\"\\\\\"",
        5 => "{}",
        6 => $"{new string('[', 70)}1{new string(']', 70)}",
        7 => $"{{\"type\":\"message\",\"role\":\"user\",\"content\":\"{new string('w', random.Next(400))}\"}}",
        _ => "true",
    };
}
