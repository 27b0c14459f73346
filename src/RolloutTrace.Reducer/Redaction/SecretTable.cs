using System.Buffers;
using System.Text.RegularExpressions;
using RolloutTrace.Reducer.Scrubbing;

namespace RolloutTrace.Reducer.Redaction;

/// <summary>
/// The secrets of one bundle. First they are all found; then, from <see cref="Complete"/> on, they are known wherever they stand.
/// </summary>
internal sealed partial class SecretTable(Replacements texts)
{
    /// <summary>A shorter secret is one elsewhere only if it is a whole text.</summary>
    public const int MinCarried = 6;

    private const int MinCut = 8;
    private const int MinCutPreview = 4;

    // By what they say, and by how they were found, with escapes.
    private readonly OrderedDictionary<string, Mark> secrets = new(StringComparer.Ordinal);
    private string[] carried = [];
    private SearchValues<string>? signs;

    public IEnumerable<RedactedSecret> Reports => secrets.Values.Select(static mark => mark.Secret).Distinct().Select(static secret => secret.ToReport()).OfType<RedactedSecret>();

    public bool IsComplete { get; private set; }

    /// <summary>The secret that a text is; a new one if it is not known.</summary>
    /// <param name="found">The text.</param>
    /// <param name="rule">By what it was found.</param>
    /// <param name="mayBeCut">Whether it may be the beginning of one that was cut.</param>
    public Mark Add(string found, string rule, bool mayBeCut = false)
    {
        var mark = AddWhole(found, rule);
        mark.Secret.MayBeCut &= mayBeCut;
        return mark;
    }

    /// <summary>All secrets have been found.</summary>
    public void Complete()
    {
        foreach (var text in secrets.Where(static secret => secret.Value.Secret.MayBeCut && secret.Key.Length >= MinCut).Select(static secret => secret.Key).ToArray())
        {
            var longer = secrets.Keys.Where(other => other.Length > text.Length && other.StartsWith(text, StringComparison.Ordinal));
            if (longer.MaxBy(static other => other.Length) is { } whole)
            {
                secrets[text] = secrets[whole].Cut(text.Length);
            }
        }

        carried = [.. secrets.Keys.Where(static text => text.Length >= MinCarried && !Vocabulary.IsWord(text)).OrderByDescending(static text => text.Length)];
        signs = carried.Length > 0 ? SearchValues.Create(carried, StringComparison.Ordinal) : null;
        IsComplete = true;
    }

    /// <summary>The known secrets in a text, and pieces of them where it is cut off.</summary>
    public IEnumerable<(int Start, int Length, Mark Mark)> In(string text)
    {
        if (text.Length < MinCarried)
        {
            if (secrets.TryGetValue(text, out var whole) && !Vocabulary.IsWord(text))
            {
                yield return (0, text.Length, whole);
            }

            yield break;
        }

        if (signs is null)
        {
            yield break;
        }

        for (var at = 0; text.AsSpan(at).IndexOfAny(signs) is var found and >= 0;)
        {
            var start = at + found;
            var secret = carried.First(secret => string.CompareOrdinal(text, start, secret, 0, secret.Length) == 0);
            yield return (start, secret.Length, secrets[secret]);
            at = start + secret.Length;
        }

        foreach (var secret in carried)
        {
            if (CutAtEnd(text, secret, out var start, out var length) || CutAtStart(text, secret, out start, out length))
            {
                yield return (start, length, secrets[secret].Cut(length));
            }
        }
    }

    /// <summary>Whether a text is a mark.</summary>
    public static bool IsMark(string text) => text.StartsWith(Replacements.MarkPrefix, StringComparison.Ordinal) && MarkPattern().IsMatch(text);

    // A preview ends in dots.
    private static bool CutAtEnd(string text, string secret, out int start, out int length)
    {
        var isPreview = text.EndsWith("...", StringComparison.Ordinal) || text.EndsWith('…');
        var end = isPreview ? text.AsSpan().TrimEnd(".…").Length : text.Length;
        var least = isPreview ? MinCutPreview : MinCut;
        start = Math.Max(0, end - secret.Length + 1);
        for (; secret.Length > least && end - start >= least; start++)
        {
            var found = text.AsSpan(start, end - start).IndexOf(secret.AsSpan(0, least));
            if (found < 0)
            {
                break;
            }

            start += found;
            length = end - start;
            if (text.AsSpan(start, length).SequenceEqual(secret.AsSpan(0, length)))
            {
                return true;
            }
        }

        length = 0;
        return false;
    }

    private static bool CutAtStart(string text, string secret, out int start, out int length)
    {
        start = 0;
        length = Math.Min(secret.Length - 1, text.Length);
        for (; length >= MinCut; length--)
        {
            length = text.AsSpan(0, length).LastIndexOf(secret.AsSpan(secret.Length - MinCut)) + MinCut;
            if (length < MinCut)
            {
                break;
            }

            if (text.AsSpan(0, length).SequenceEqual(secret.AsSpan(secret.Length - length)))
            {
                return true;
            }
        }

        return false;
    }

    private static string Said(string found)
    {
        for (var text = new MappedText(found, 0); ; text = text.Unescaped()!)
        {
            if (text.Unescaped() is null)
            {
                return text.Text;
            }
        }
    }

    private Mark AddWhole(string found, string rule)
    {
        if (secrets.TryGetValue(found, out var mark))
        {
            return mark;
        }

        var said = Said(found);
        if (!secrets.TryGetValue(said, out mark))
        {
            mark = new Mark(new Secret(rule, Number().IsMatch(said) ? texts.NumberMark(said) : texts.Mark(said)));
            secrets.TryAdd(said, mark);
            secrets.TryAdd(Uri.EscapeDataString(said), mark);
        }

        secrets.TryAdd(found, mark);
        return mark;
    }

    [GeneratedRegex("^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    [GeneratedRegex("^redacted_[bcdfgjkmnqrvwxzl]{16}(?:_[0-9]+)?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MarkPattern();
}
