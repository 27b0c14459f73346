using System.Text;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>Conversation items as text for people.</summary>
public static class ItemText
{
    /// <summary>What an item says, its parts on lines of their own. What is no text is named in brackets.</summary>
    public static string Of(ConversationItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Body.Parts is [var only])
        {
            return Of(only);
        }

        var text = new StringBuilder();
        foreach (var part in item.Body.Parts)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(Of(part));
        }

        return text.ToString();
    }

    /// <summary>What a part says.</summary>
    public static string Of(ConversationPart part) => part switch
    {
        TextPart { Text: var text } => text,
        SummaryPart { Text: var text } => text,
        CodePart { Source: var source } => source,
        JsonPart { Summary: var summary } => summary,
        EncodedPart encoded => $"[{encoded.Label}, {encoded.Value.Length} characters]",
        PayloadReferencePart reference => $"[{reference.Label}, in {reference.RawPayloadId}]",
        _ => throw new ArgumentException($"unknown part {part}", nameof(part)),
    };

    /// <summary>Text on one line: white space and control characters become single spaces, and what is too long is cut, though not within what a reader takes for one character, and marked by <c>…</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The most characters to give, one at least.</param>
    public static string Preview(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        var line = new StringBuilder(Math.Min(text.Length, maxLength));
        var wasSpace = true;
        foreach (var c in text)
        {
            var isSpace = char.IsWhiteSpace(c) || char.IsControl(c);
            if (isSpace && wasSpace)
            {
                continue;
            }

            if (line.Length > maxLength)
            {
                break;
            }

            line.Append(isSpace ? ' ' : c);
            wasSpace = isSpace;
        }

        if (line.Length > 0 && line[^1] == ' ')
        {
            line.Length--;
        }

        if (line.Length > maxLength)
        {
            line.Length = TextClusters.PlaceAtOrBefore(line.ToString(), maxLength - 1);
            line.Append('…');
        }

        return line.ToString();
    }
}
