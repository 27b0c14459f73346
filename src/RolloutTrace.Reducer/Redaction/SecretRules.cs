using System.Buffers;
using System.Text.RegularExpressions;

namespace RolloutTrace.Reducer.Redaction;

/// <summary>What is a secret, by its own shape or by the name that it stands under.</summary>
internal sealed class SecretRules
{
    private const int MinOpaqueLength = 1024;

    private static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    private readonly SecretRule[] known;
    private readonly SecretRule[] patterns;
    private readonly HashSet<string> keys;
    private readonly bool knowsMembers;

    public SecretRules(RedactOptions options)
    {
        known = options.KnownShapes ? [.. KnownShapes.All.Select(SecretRule.Of)] : [];
        knowsMembers = options.KnownShapes;
        keys = new HashSet<string>(options.Keys, StringComparer.OrdinalIgnoreCase);
        patterns = [.. options.Patterns.Select(static (pattern, i) => SecretRule.Of($"pattern {i + 1}", pattern)), .. keys.Select(AssignmentOf)];
    }

    /// <summary>The rule by which what stands under a name is a secret; null if it is none.</summary>
    public string? OfMember(JsonToken token)
    {
        if (token.Member is not null && keys.TryGetValue(token.Member, out var key))
        {
            return $"key {key}";
        }

        foreach (var container in token.Parent?.Way() ?? [])
        {
            if (container.Member is not null && keys.TryGetValue(container.Member, out key))
            {
                return $"key {key}";
            }
        }

        return knowsMembers && token.Kind == JsonTokenKind.Text && token.NearestName is { } name && KnownShapes.Members.Contains(name) ? $"key {name}" : null;
    }

    /// <summary>The secrets in a text, by the names of their rules.</summary>
    /// <exception cref="RegexMatchTimeoutException">A pattern took too long.</exception>
    public IEnumerable<(int Start, int Length, string Rule)> In(string text)
    {
        var rules = IsOpaque(text) ? patterns : (IEnumerable<SecretRule>)[.. patterns, .. known];
        foreach (var rule in rules)
        {
            IEnumerator<(int Start, int Length)> found = rule.In(text).GetEnumerator();
            while (Next(rule, found))
            {
                yield return (found.Current.Start, found.Current.Length, rule.Name);
            }
        }
    }

    private static bool Next(SecretRule rule, IEnumerator<(int Start, int Length)> found)
    {
        try
        {
            return found.MoveNext();
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new RedactionException($"{rule.Name} takes more than {e.MatchTimeout.TotalSeconds} s for one text", e);
        }
    }

    // An image: no key is that long without anything that stands out.
    private static bool IsOpaque(string text)
    {
        var body = text.AsSpan();
        if (body.StartsWith("data:", StringComparison.Ordinal) && body.IndexOf(',') is var comma and > 0 and < 200)
        {
            body = body[(comma + 1)..];
        }

        return body.Length >= MinOpaqueLength && !body.ContainsAnyExcept(Base64);
    }

    // As it stands in text: NAME=value, "name": "value", --name value.
    private static SecretRule AssignmentOf(string key) => SecretRule.Of(
        $"key {key}", $@"(?i)(?<![A-Za-z0-9]){Regex.Escape(key)}[""'\\]*(?:\s*(?:[:=]|=>)\s*|[ ]+)[""'\\]*(?:(?:bearer|basic)\s+)?(?<{SecretRule.Group}>[^\s""'\\,;&<>]+)");
}
