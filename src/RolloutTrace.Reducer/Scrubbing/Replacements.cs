using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace RolloutTrace.Reducer.Scrubbing;

/// <summary>Makes replacements from texts and a secret: different ones for different texts, as far as 64 bits can be different.</summary>
internal sealed class Replacements(ReadOnlyMemory<byte> key)
{
    /// <summary>What marks begin with.</summary>
    public const string MarkPrefix = "redacted_";

    private const int MaxStructureLength = 200;

    // Sixteen letters of which no word, number or abbreviation is made; as names of agents they are valid too.
    private const string Letters = "bcdfgjkmnqrvwxzl";
    private const string Blanks = " \t\n\r";
    private const string AgentRoot = "/root";

    private static readonly SearchValues<char> InAgentNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Something that stands for a text.</summary>
    public string Token(string text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        Span<char> token = stackalloc char[17];
        token[0] = 'z';
        Fill(token[1..], text, bitsEach: 4, Letters);
        return new string(token);
    }

    /// <summary>Something that stands for a secret, and can be told from anything else. It fits into JSON, URLs, file names and names of agents as it is.</summary>
    public string Mark(string secret)
    {
        Span<char> mark = stackalloc char[16];
        Fill(mark, secret, bitsEach: 4, Letters);
        return $"{MarkPrefix}{mark}";
    }

    /// <summary>A number of 16 digits that stands for one.</summary>
    public string NumberMark(string secret)
    {
        Span<char> digits = stackalloc char[15];
        Fill(digits, secret, bitsEach: 4, "0123456789372846");
        return $"9{digits}";
    }

    /// <summary>White space that stands for a text, to tell JSON texts apart that differ in nothing but white space.</summary>
    public string Blank(string text)
    {
        Span<char> blank = stackalloc char[32];
        Fill(blank, text, bitsEach: 2, Blanks);
        return new string(blank);
    }

    /// <summary>An id or a name, which stays, unless it does not look like one.</summary>
    public string Structure(string text) => LooksLikeStructure(text) ? text : Token(text);

    /// <summary>An id as a part of a file's name.</summary>
    public string FileName(string text) => LooksLikeStructure(text) && text.AsSpan().IndexOfAny('/', '\\', ':') < 0 && text is not ("." or "..") ? text : Token(text);

    /// <summary>An agent's path with its names replaced; null for a text that is no agent's path.</summary>
    public string? AgentPath(string text)
    {
        if (!text.StartsWith(AgentRoot, StringComparison.Ordinal))
        {
            return null;
        }

        var names = text[AgentRoot.Length..];
        if (names.Length == 0)
        {
            return text;
        }

        var parts = names.Split('/');
        return parts[0].Length == 0 && parts.All(static name => !name.AsSpan().ContainsAnyExcept(InAgentNames))
            ? AgentRoot + string.Join('/', parts.Select(Token))
            : null;
    }

    private static bool LooksLikeStructure(string text) => text.Length <= MaxStructureLength && !text.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c));

    private void Fill(Span<char> target, string text, int bitsEach, string alphabet)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Span, Encoding.UTF8.GetBytes(text), hash);
        var bits = BitConverter.ToUInt64(hash);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = alphabet[(int)(bits & ((1u << bitsEach) - 1))];
            bits >>= bitsEach;
        }
    }
}
