using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Cli.Tests.Output;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain", 5)]
    [InlineData("é", 1)]
    [InlineData("e\u0301\u0323", 1)]
    [InlineData("東京", 4)]
    [InlineData("한글", 4)]
    [InlineData("\u1112\u1161\u11ab", 2)]
    [InlineData("ＡＢ", 4)]
    [InlineData("ｱｲ", 2)]
    [InlineData("𠀀", 2)]
    [InlineData("𝐀", 1)]
    [InlineData("👍", 2)]
    [InlineData("👍🏽", 2)]
    [InlineData("👩‍👩‍👧", 6)]
    [InlineData("❤\ufe0f", 2)]
    [InlineData("🇩🇪", 2)]
    [InlineData("a\u200bb", 2)]
    public void Columns_AreThoseOfATerminalThatJoinsNothing(string text, int columns) => TerminalText.Columns(text).ShouldBe(columns);

    [Theory]
    [InlineData("a\tb\nc\u2028d", "a b c d")]
    [InlineData("\x1b[31mred\x1b[0m", "�[31mred�[0m")]
    [InlineData("\u009b31m\x7f\0", "�31m��")]
    [InlineData("abc\u202edcba\u2066x\u2069", "abc�dcba�x�")]
    [InlineData("עברית 東京 👩‍👩‍👧", "עברית 東京 👩‍👩‍👧")]
    public void OneLine_LeavesNothingThatATerminalObeys(string text, string line) => TerminalText.OneLine(text).ShouldBe(line);

    [Theory]
    [InlineData("東京都", 6, "東京都")]
    [InlineData("東京都", 5, "東京…")]
    [InlineData("東京都", 4, "東…")]
    [InlineData("ae\u0301\u0323b", 2, "a…")]
    [InlineData("a👩‍👩‍👧b", 7, "a…")]
    [InlineData("abc", 0, "")]
    public void Cut_GivesTheBeginningAndAnEllipsis(string text, int columns, string cut) => TerminalText.Cut(text, columns).ShouldBe(cut);

    [Fact]
    public void Cut_OfAnyText_FitsAndCutsNoCluster() => Prop.ForAll(Texts().ToArbitrary(), Gen.Choose(1, 40).ToArbitrary(), (text, columns) =>
    {
        var line = TerminalText.OneLine(text);

        var cut = TerminalText.Cut(line, columns);

        ColumnsByRune(cut).ShouldBeLessThanOrEqualTo(columns);
        if (cut != line)
        {
            cut[^1].ShouldBe('…');
            Clusters(line).Take(Clusters(cut[..^1]).Length).ShouldBe(Clusters(cut[..^1]));
        }
    }).ShouldHold();

    [Fact]
    public void Pieces_OfAnyText_FitAndAreTheTextAgain() => Prop.ForAll(Texts().ToArbitrary(), Gen.Choose(2, 40).ToArbitrary(), (text, columns) =>
    {
        var line = TerminalText.OneLine(text);

        var pieces = TerminalText.Pieces(line, columns).ToList();
        var folded = TextFolding.Fold(line, columns).ToList();

        string.Concat(pieces).ShouldBe(line);
        string.Concat(folded).ShouldBe(line);
        pieces.Concat(folded).ShouldAllBe(piece => ColumnsByRune(piece) <= columns);
    }).ShouldHold();

    [Fact]
    public void ALongLine_IsFoldedInAboutTheTimeThatItsLengthTakes()
    {
        var line = string.Concat(Enumerable.Repeat("東京 ", 200_000));

        TextFolding.Fold(line, 76).Count().ShouldBe(200_000 / 15 + 1, "fifteen words of five columns fit; a quadratic fold would not come back");
    }

    [Fact]
    public void EveryLineOfAScreen_FitsWhateverTheTextIs() => Prop.ForAll(Texts().ToArbitrary(), Texts().ToArbitrary(), Gen.Choose(20, 90).ToArbitrary(), (first, second, width) =>
    {
        using var output = new MemoryStream();
        using (var console = new CommandConsole(output, Stream.Null) { Width = width })
        {
            var screen = new Screen(console);
            screen.Line(first, new Segment(second, Emphasis.Title), second);
            screen.Wrapped($"  - {first} {second}", indent: 4);
            screen.Block($"{first}\n{second}\t{first}", indent: 4);
        }

        foreach (var line in Encoding.UTF8.GetString(output.ToArray()).Split('\n'))
        {
            ColumnsByRune(line).ShouldBeLessThanOrEqualTo(width);
            line.ShouldBe(TerminalText.OneLine(line));
        }
    }).ShouldHold();

    [Fact]
    public void AMessage_IsOnlyShown()
    {
        using var error = new MemoryStream();
        using (var console = new CommandConsole(Stream.Null, error))
        {
            console.Tell("error: no thread a\x1b]0;title\a\nerror: forged");
            console.Error.WriteLine("two\n\tlines\r\x1b[2J");
        }

        Encoding.UTF8.GetString(error.ToArray()).ShouldBe("error: no thread a�]0;title� error: forged\ntwo\n\tlines �[2J\n");
    }

    /// <summary>Texts of all that is hard about them.</summary>
    private static Gen<string> Texts() => Gen.OneOf(
        Gen.Elements("a", "word", " ", "  ", "東京", "한", "ＡＢ", "ﾊﾟ", "𠀀", "👍", "👍🏽", "👩‍👩‍👧", "❤\ufe0f", "🇩🇪", "e\u0301", "\u0301", "\u200d", "\ufe0f", "עברית"),
        Gen.Elements("\t", "\n", "\r\n", "\0", "\x1b[31m", "\x1b]8;;http://x\a", "\u009b1A", "\x7f", "\u2028", "\u0085", "\u202e", "\u2066", "\ud83d", "\udc4d"),
        Gen.Choose(0x20, 0xffff).Select(c => ((char)c).ToString())).ListOf().Select(string.Concat);

    private static int ColumnsByRune(string text) => text.EnumerateRunes().Sum(rune => Math.Max(0, Wcwidth.UnicodeCalculator.GetWidth(rune)));

    private static string[] Clusters(string text)
    {
        var clusters = new List<string>();
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            clusters.Add(elements.GetTextElement());
        }

        return [.. clusters];
    }

}
