using System.Text;
using System.Text.Json;

namespace RolloutTrace.Reducer.Tests.Graph;

public sealed class TextMemoryTests
{
    /// <summary>Nobody but the texts keeps the blocks: of what is collected meanwhile, of texts that nobody has any more, no other is touched.</summary>
    [Fact]
    public void Texts_OfOneMemory_StandAsTheyCame_WhenEverySecondIsGone()
    {
        var random = new Random(7);
        var lengths = Enumerable.Range(0, 400).Select(i => i % 50 == 49 ? random.Next(100_000, 3_000_000) : random.Next(512, 20_000)).ToArray();
        var texts = Kept(lengths);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        Kept(lengths);

        for (var i = 0; i < lengths.Length; i += 2)
        {
            texts[i]!.Equals(StoredText.Of(TextOf(i, lengths[i]))).ShouldBeTrue($"{i}");
        }
    }

    [Fact]
    public void Take_OfLittle_IsOfALittleBlock()
    {
        var memory = new TextMemory();

        var first = memory.Take(1000, out var start);
        var next = memory.Take(1000, out var behind);

        first.Length.ShouldBeLessThanOrEqualTo(64 << 10);
        next.ShouldBeSameAs(first);
        (start, behind).ShouldBe((0, 1000));
        memory.Take(5 << 20, out _).Length.ShouldBe(5 << 20);
        memory.Take(1000, out var third).ShouldBeSameAs(first);
        third.ShouldBe(2000);
    }

    private static StoredText?[] Kept(int[] lengths)
    {
        var memory = new TextMemory();
        return [.. lengths.Select((length, i) =>
        {
            using var json = JsonDocument.Parse(Encoding.UTF8.GetBytes($"\"{TextOf(i, length)}\""));
            var text = StoredText.Of(json.RootElement, memory);
            return i % 2 == 0 ? text : null;
        })];
    }

    private static string TextOf(int index, int length) => string.Create(length, index, static (text, index) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = (char)('a' + ((i + index) % 26));
        }
    });
}
