using System.Text;
using DiffPlex.Chunkers;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>Two texts as one, with what only one of them has in brackets: <c>[-gone-]</c> and <c>{+new+}</c>.</summary>
internal static class WordDifference
{
    private const int Kept = 60;

    private static readonly DelimiterChunker Words = new([' ', '\t', '\n', '\r', '.', ',', ';', ':', '(', ')', '[', ']', '{', '}', '"', '\'', '/', '=']);

    /// <summary>The two as one, on one line; long pieces that both have are cut.</summary>
    public static string Of(string before, string after)
    {
        var model = InlineDiffBuilder.Diff(before, after, ignoreWhiteSpace: false, ignoreCase: false, Words);
        var text = new StringBuilder();
        var pieces = Runs(model.Lines);
        for (var i = 0; i < pieces.Count; i++)
        {
            var (type, words) = pieces[i];
            text.Append(type switch
            {
                ChangeType.Deleted => $"[-{ItemText.Preview(words, 400)}-]",
                ChangeType.Inserted => $"{{+{ItemText.Preview(words, 400)}+}}",
                _ => Shortened(words, isFirst: i == 0, isLast: i == pieces.Count - 1),
            });
        }

        return text.ToString();
    }

    private static List<(ChangeType Type, string Words)> Runs(IEnumerable<DiffPiece> pieces)
    {
        var runs = new List<(ChangeType Type, string Words)>();
        foreach (var piece in pieces)
        {
            if (runs.Count > 0 && runs[^1].Type == piece.Type)
            {
                runs[^1] = (piece.Type, runs[^1].Words + piece.Text);
            }
            else
            {
                runs.Add((piece.Type, piece.Text));
            }
        }

        return runs;
    }

    private static string Shortened(string words, bool isFirst, bool isLast)
    {
        if (words.Length <= 2 * Kept)
        {
            return words;
        }

        var head = isFirst ? "" : words[..Kept];
        var tail = isLast ? "" : words[^Kept..];
        return $"{head} … {tail}";
    }
}
