using System.Buffers;

namespace RolloutTrace.Reducer.Redaction;

/// <summary>
/// The names, strings and numbers of a text that is JSON, or several JSON texts, or ought to be: damage in it costs no more than that
/// <see cref="IsSound"/> is false.
/// </summary>
internal sealed class JsonTokens
{
    // What tells the texts of one stream from those of another one beside it.
    private static readonly HashSet<string> Distinctive = ["index", "output_index", "content_index", "summary_index", "item_id", "call_id", "process_id"];

    private static readonly SearchValues<char> Delimiters = SearchValues.Create("{}[],:\" \t\r\n");

    private readonly string text;
    private readonly List<JsonToken> tokens = [];
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> names =
        new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private JsonContainer? current;
    private string? member;

    private JsonTokens(string text) => this.text = text;

    public IReadOnlyList<JsonToken> All => tokens;

    /// <summary>Whether the text holds together: brackets close, strings end, and between them stands nothing else.</summary>
    public bool IsSound { get; private set; } = true;

    public static JsonTokens Of(string text)
    {
        var tokens = new JsonTokens(text);
        tokens.Read();
        return tokens;
    }

    /// <summary>Whether a text looks like an object, a list or a string.</summary>
    public static bool MayBe(string text) => text.AsSpan().TrimStart(" \t\r\n\uFEFF") is ['{' or '[' or '"', ..];

    private void Read()
    {
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case ' ' or '\t' or '\r' or '\n' or ':' or '\uFEFF':
                    break;
                case ',':
                    member = null;
                    break;
                case '{' or '[':
                    current = new JsonContainer(text[i] == '[', current, member, NextIndex());
                    member = null;
                    break;
                case '}' or ']':
                    IsSound &= current is not null && current.IsList == (text[i] == ']');
                    current = current?.Parent;
                    member = null;
                    break;
                case '"':
                    i = ReadString(i + 1);
                    break;
                default:
                    i = ReadScalar(i);
                    break;
            }
        }

        IsSound &= current is null;
    }

    private int NextIndex() => current is { IsList: true } ? current.Count++ : 0;

    private int ReadString(int start)
    {
        var end = start;
        while (end < text.Length && text[end] != '"')
        {
            end = text.AsSpan(end).IndexOfAny('"', '\\') is var found and >= 0 ? end + found : text.Length;
            end += end < text.Length && text[end] == '\\' ? 2 : 0;
        }

        if (end >= text.Length)
        {
            IsSound = false;
            end = text.Length;
        }

        if (current is { IsList: false } && member is null && IsName(end))
        {
            member = NameOf(start, end - start);
            tokens.Add(new JsonToken(JsonTokenKind.Name, start, end - start, current, member, 0));
        }
        else
        {
            Add(JsonTokenKind.Text, start, end - start);
        }

        return end;
    }

    private bool IsName(int end) => text.AsSpan(Math.Min(end + 1, text.Length)).TrimStart(" \t\r\n") is [':', ..];

    private int ReadScalar(int start)
    {
        var length = text.AsSpan(start).IndexOfAny(Delimiters) is var found and > 0 ? found : text.Length - start;
        var word = text.AsSpan(start, length);
        if (word[0] == '-' || char.IsAsciiDigit(word[0]))
        {
            Add(JsonTokenKind.Number, start, length);
        }
        else
        {
            IsSound &= word is "true" or "false" or "null";
            NextIndex();
        }

        return start + length - 1;
    }

    private void Add(JsonTokenKind kind, int start, int length)
    {
        if (current is not null && member is not null && Distinctive.Contains(member))
        {
            current.Which += $"{member}={text.AsSpan(start, length)};";
        }

        tokens.Add(new JsonToken(kind, start, length, current, member, NextIndex()));
    }

    private string NameOf(int start, int length)
    {
        var raw = text.AsSpan(start, length);
        if (!names.TryGetValue(raw, out var name))
        {
            var written = new MappedText(raw.ToString(), 0);
            names.Dictionary.Add(written.Text, name = (written.Unescaped() ?? written).Text);
        }

        return name;
    }
}
