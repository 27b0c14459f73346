using System.Buffers;
using System.Text.RegularExpressions;

namespace RolloutTrace.Reducer.Redaction;

/// <summary>A pattern whose matches are secrets.</summary>
internal sealed class SecretRule
{
    /// <summary>What of a match is the secret, if a pattern has a group of this name.</summary>
    public const string Group = "secret";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly Regex regex;
    private readonly SearchValues<string>? signs;

    private SecretRule(string name, Regex regex, SearchValues<string>? signs)
    {
        Name = name;
        this.regex = regex;
        this.signs = signs;
    }

    /// <summary>What it is called in the report.</summary>
    public string Name { get; }

    public static SecretRule Of(KnownShape shape) => new(
        shape.Name, new Regex(shape.Pattern, RegexOptions.CultureInvariant, Limit), SearchValues.Create(shape.Signs, StringComparison.OrdinalIgnoreCase));

    /// <summary>Takes a person's pattern. It is matched in time linear in the text, unless it looks around or back, which has a limit of time.</summary>
    /// <exception cref="ArgumentException">It is no pattern.</exception>
    public static SecretRule Of(string name, string pattern)
    {
        try
        {
            return new SecretRule(name, new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Limit), null);
        }
        catch (NotSupportedException)
        {
            return new SecretRule(name, new Regex(pattern, RegexOptions.CultureInvariant, Limit), null);
        }
    }

    /// <summary>The secrets in a text.</summary>
    /// <exception cref="RegexMatchTimeoutException">It took too long.</exception>
    public IEnumerable<(int Start, int Length)> In(string text)
    {
        if (signs is not null && !text.AsSpan().ContainsAny(signs))
        {
            yield break;
        }

        for (var match = regex.Match(text); match.Success; match = match.NextMatch())
        {
            var part = match.Groups[Group] is { Success: true } group ? group : match;
            if (part.Length > 0)
            {
                yield return (part.Index, part.Length);
            }
        }
    }
}
