using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>What is wrong with a JSON document, in words for who reads bundles: the library's are about its own types and tokens.</summary>
public static class JsonWords
{
    private const string Empty = "it is empty";
    private const string MissingList = "including: ";

    // What the library says, and what that means; the first that fits.
    private static readonly (string Part, string Words)[] NotJson =
    [
        ("does not contain any JSON tokens", Empty),
        ("reached end of data", "it ends in the middle"),
        ("Expected depth to be zero", "it ends in the middle"),
        ("is incomplete", "it ends in the middle"),
        ("invalid start of a value", "something else stands where a value should begin"),
        ("invalid start of a property name", "something else stands where a member's name should begin"),
        ("invalid end of a number", "a number does not end as one"),
        ("is invalid within a number", "a number does not end as one"),
        ("invalid after a value", "something stands behind a value that does not belong there"),
        ("invalid after a single JSON value", "something stands behind the document"),
        ("trailing comma", "a comma stands before the end of a list or an object"),
        ("maximum configured depth", "it is nested too deep"),
        ("is invalid within a JSON string", "a character stands in a text that must be escaped there"),
        ("invalid escapable character", "an escape in a text is none"),
        ("invalid UTF-8", "it is not valid UTF-8"),
        ("Cannot transcode", "it is not valid UTF-8"),
        ("is an invalid JSON literal", "a word stands there that is no value"),
    ];

    // Of what kind a value should be, by what the library says within.
    private static readonly (string Part, string Words)[] Kinds =
    [
        ("as a number", "a whole number"),
        ("out of bounds", "a whole number"),
        ("as a string", "a text"),
        ("as a boolean", "true or false"),
    ];

    /// <summary>What is wrong, as a sentence about <c>it</c>, the document.</summary>
    /// <param name="error">What the library says.</param>
    public static string Of(JsonException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return OfShape(error) ?? (Find(error.Message) is Empty ? Empty : $"{Find(error.Message)}{PositionOf(error)}");
    }

    /// <summary>The same without the place, for documents whose places are told otherwise.</summary>
    /// <param name="error">What the library says.</param>
    public static string WithoutPlace(JsonException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return OfShape(error) ?? Find(error.Message);
    }

    // What is none of the library's is ours, and said for people; the place behind it is told otherwise.
    private static string Find(string message) => IsCutNumber(message) ? "it ends in the middle"
        : NotJson.FirstOrDefault(known => message.Contains(known.Part, StringComparison.OrdinalIgnoreCase)).Words ?? message.Split(" Path: ", 2)[0].Split(" LineNumber: ", 2)[0];

    // What ends with a digit is no number yet: a delimiter was to follow.
    private static bool IsCutNumber(string message) => message is ['\'', >= '0' and <= '9', '\'', ..] && message.Contains("invalid end of a number", StringComparison.Ordinal);

    // JSON, but of something else.
    private static string? OfShape(JsonException error)
    {
        var message = error.Message;
        if (message.IndexOf(MissingList, StringComparison.Ordinal) is var list and > 0)
        {
            var names = message[(list + MissingList.Length)..].Split('\'').Where(static (_, i) => i % 2 == 1).ToList();
            return names.Count == 1 ? $"the member {names[0]} is missing" : $"members are missing, such as {string.Join(", ", names)}";
        }

        if (!message.Contains("could not be converted to ", StringComparison.Ordinal))
        {
            return null;
        }

        var wanted = Kinds.FirstOrDefault(kind => error.InnerException?.Message.Contains(kind.Part, StringComparison.Ordinal) == true).Words;
        var member = error.Path is { Length: > 2 } path ? $"the member {path[2..]}" : "it";
        return wanted is null ? $"{member} is not what it should be" : $"{member} is not {wanted}";
    }

    private static string PositionOf(JsonException error) => error is { LineNumber: { } line, BytePositionInLine: { } position }
        ? line == 0 ? $" (byte {position + 1})" : $" (line {line + 1}, byte {position + 1})"
        : "";
}
