using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.TestSupport;
using RolloutTrace.Wire;

namespace RolloutTrace.Tests.Wire;

public class SoundJsonSuccessionTests
{
    [Fact]
    public void Whatever_came_before_a_document_is_judged_as_if_it_were_alone() =>
        Prop.ForAll(SoundJsonSequenceTests.Documents().ToArbitrary(), Gen.Choose(0, 3).ToArbitrary(), static (documents, less) =>
        {
            var succession = new SoundJsonSuccession();
            byte[] last = [];
            for (var i = 0; i < documents.Length; i++)
            {
                var (expected, actual) = (documents[i].ToArray(), documents[i].ToArray());

                // Who does not know how much is the same may say less.
                var from = succession.Begin(actual.AsSpan().CommonPrefixLength(last) * (4 - less) / 4);
                Judge(actual.AsSpan(from), succession).ShouldBe(Judge(expected, succession: null), $"document {i}");
                actual.ShouldBe(expected);
                last = documents[i];
            }

            return true;
        }).ShouldHold(200);

    [Fact]
    public void What_two_documents_begin_with_is_not_looked_at_twice()
    {
        var succession = new SoundJsonSuccession();
        var history = $"{{\"input\":[{string.Join(',', Enumerable.Range(0, 3000).Select(static n => $"\"word {n}\""))}";
        succession.Begin(0).ShouldBe(0);
        Judge(Encoding.UTF8.GetBytes(history + "]}"), succession).ShouldBe("sound, 0 mended");
        var from = succession.Begin(history.Length);
        from.ShouldBeInRange(history.Length - (2 * SoundJsonMarks.Distance), history.Length);
        Judge(Encoding.UTF8.GetBytes(history + ",1]}").AsSpan(from), succession).ShouldBe("sound, 0 mended");
        succession.Begin(from / 2).ShouldBeLessThanOrEqualTo(from / 2);
    }

    private static string Judge(Span<byte> rest, SoundJsonSuccession? succession)
    {
        try
        {
            var isText = succession is null ? SoundJson.Mend(rest, out var halves) : succession.Mend(rest, out halves);
            return isText ? $"sound, {halves} mended" : "no UTF-8";
        }
        catch (JsonException)
        {
            return "no JSON";
        }
    }
}
