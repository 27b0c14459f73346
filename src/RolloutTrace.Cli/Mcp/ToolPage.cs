using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RolloutTrace.Cli;

/// <summary>
/// One page of an answer: what is said of the whole, as many entries as fit, and <c>next</c>, the cursor of the page behind it. It has one entry at
/// least, if any is left, however large.
/// </summary>
internal sealed class ToolPage
{
    /// <summary>What a model can take at once, with room for what is said of the whole.</summary>
    public const int MostCharacters = 20_000;

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly int limit;
    private readonly int most;
    private readonly JsonObject answer;
    private readonly JsonArray entries = [];
    private int characters;

    /// <param name="head">What is said of the whole.</param>
    /// <param name="member">The name of the list.</param>
    /// <param name="limit">The most entries.</param>
    /// <param name="most">The most characters of JSON, about.</param>
    public ToolPage(JsonObject head, string member, int limit, int most = MostCharacters)
    {
        this.limit = limit;
        this.most = most;
        answer = head;
        answer[member] = entries;
    }

    /// <summary>Entries so far.</summary>
    public int Count => entries.Count;

    /// <summary>The cursor of the page behind this one; null if this is the last.</summary>
    public object? Next { get; set; }

    /// <summary>Adds an entry, if it fits.</summary>
    public bool TryAdd(JsonNode entry)
    {
        var length = entry.ToJsonString(Options).Length;
        if (entries.Count > 0 && (entries.Count >= limit || characters + length > most))
        {
            return false;
        }

        entries.Add(entry);
        characters += length;
        return true;
    }

    /// <summary>The page as JSON on one line.</summary>
    public string ToJson()
    {
        answer["next"] = Next?.ToString();
        return answer.ToJsonString(Options);
    }
}
