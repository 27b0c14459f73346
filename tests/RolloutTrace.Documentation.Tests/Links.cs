using System.Text.RegularExpressions;

namespace RolloutTrace.Documentation.Tests;

/// <summary>The links of a document that stay in the repository.</summary>
internal static partial class Links
{
    public static IEnumerable<Link> In(Markdown document) =>
        Pattern().Matches(document.Text).Select(match => match.Groups["target"].Value).Where(target => !target.Contains("://", StringComparison.Ordinal)).Select(target => Resolve(document, target));

    private static Link Resolve(Markdown document, string target)
    {
        if (target.StartsWith('#'))
        {
            return new Link(document.Path, target, Headings().Matches(document.Text).Any(heading => "#" + Anchor(heading.Groups["text"].Value) == target));
        }

        var path = Path.Join(Markdown.Root, Path.GetDirectoryName(document.Path), target.Split('#')[0]);
        return new Link(document.Path, target, Path.Exists(path));
    }

    /// <summary>A heading's name in links: lower case, hyphens for spaces, nothing else that is no letter or digit.</summary>
    private static string Anchor(string heading) => string.Concat(heading.ToLowerInvariant().Replace(' ', '-').Where(static c => char.IsLetterOrDigit(c) || c == '-'));

    [GeneratedRegex("\\]\\((?<target>[^)\\s]+)\\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Pattern();

    [GeneratedRegex("^#+ (?<text>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Headings();
}
