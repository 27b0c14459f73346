using System.Globalization;
using System.Text;

namespace RolloutTrace.Reducer.Redaction;

/// <summary>
/// Puts the pieces of streams together that stand in events of their own, so that a secret is found that was cut between two. A stream is the
/// texts in the same place of its events, which name the same index.
/// </summary>
internal sealed class Deltas
{
    private readonly OrderedDictionary<string, List<(MappedText Text, string File)>> streams = new(StringComparer.Ordinal);

    /// <summary>Adds the texts of an event, or of each event of a list.</summary>
    /// <param name="json">The document.</param>
    /// <param name="source">Its text.</param>
    /// <param name="file">The file that it stands in.</param>
    /// <param name="kind">What the event's texts are not put together with those of another of.</param>
    public void Add(JsonTokens json, MappedText source, string file, string kind)
    {
        foreach (var token in json.All)
        {
            if (token.Kind == JsonTokenKind.Text && token.Parent is not null && !Vocabulary.Keeps(token.NearestName, source.Text.Substring(token.Start, token.Length)))
            {
                var written = source.Slice(token.Start, token.Length);
                var key = kind + KeyOf(token);
                if (!streams.TryGetValue(key, out var pieces))
                {
                    streams.Add(key, pieces = []);
                }

                pieces.Add((written.Unescaped() ?? written, file));
            }
        }
    }

    /// <summary>Finds what is cut between two pieces.</summary>
    /// <param name="finder">Finds it.</param>
    /// <returns>The edits, by their files.</returns>
    public Dictionary<string, List<Edit>> Find(SecretFinder finder)
    {
        var edits = new Dictionary<string, List<Edit>>(StringComparer.Ordinal);
        var hits = new List<Hit>();
        foreach (var pieces in streams.Values.Where(static pieces => pieces.Count > 1))
        {
            hits.Clear();

            // As if they stood one behind the other in one file: a place there is a piece and a place in it.
            var whole = new MappedText(string.Concat(pieces.Select(static piece => piece.Text.Text)), 0);
            finder.Find(whole, hits);
            foreach (var hit in hits)
            {
                var (start, end) = Span(hit);
                Split(pieces, start, end, hit.Mark, edits);
            }
        }

        return edits;
    }

    private static (int Start, int End) Span(Hit hit)
    {
        var places = hit.Text.Places(hit.Start, hit.End).ToArray();
        return (places[0].Start, places[^1].End);
    }

    private static void Split(List<(MappedText Text, string File)> pieces, int start, int end, Mark mark, Dictionary<string, List<Edit>> edits)
    {
        var at = 0;
        var isFirst = true;
        foreach (var (text, file) in pieces)
        {
            var (from, to) = (Math.Max(start - at, 0), Math.Min(end - at, text.Text.Length));
            at += text.Text.Length;
            if (from >= to)
            {
                continue;
            }

            if (!edits.TryGetValue(file, out var list))
            {
                edits.Add(file, list = []);
            }

            foreach (var (first, last) in text.Places(from, to))
            {
                list.Add(new Edit(first, last, mark, isFirst, Token: null));
                isFirst = false;
            }
        }
    }

    // The entry of the list is what tells an event from the next.
    private static string KeyOf(JsonToken token)
    {
        var key = new StringBuilder();
        foreach (var container in token.Parent!.Way())
        {
            key.Append(container.Which).Append('/').Append(container.Member);
            if (container.Parent is { IsList: true, Parent: not null })
            {
                key.Append(CultureInfo.InvariantCulture, $"[{container.Index}]");
            }
        }

        return key.Append('.').Append(token.Member).ToString();
    }
}
