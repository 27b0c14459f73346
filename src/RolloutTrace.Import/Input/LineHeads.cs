using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Input;

/// <summary>What the first lines of a file say of themselves, as far as they could be read: a first line may be longer than what is looked at.</summary>
internal static class LineHeads
{
    private const int MostLines = 64;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    /// <summary>Whether any of the first lines is an object that fits.</summary>
    /// <param name="beginning">The beginning of the file.</param>
    /// <param name="fits">Is given the names of an object's members; of those that are short texts with the text, of others with an empty one.</param>
    public static bool Any(ReadOnlySpan<byte> beginning, Predicate<IReadOnlyDictionary<string, string>> fits)
    {
        for (var i = 0; i < MostLines && !beginning.IsEmpty; i++)
        {
            var end = beginning.IndexOf((byte)'\n');
            var line = end < 0 ? beginning : beginning[..end];
            beginning = end < 0 ? default : beginning[(end + 1)..];
            if (fits(Members(line.Trim("\0 \t\r"u8))))
            {
                return true;
            }
        }

        return false;
    }

    // A line may be torn anywhere: what stands before that counts.
    private static Dictionary<string, string> Members(ReadOnlySpan<byte> line)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(line, isFinalBlock: false, new JsonReaderState(Options));
        var name = "";
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    name = Text(ref reader);
                    members[name] = "";
                }
                else if (reader.TokenType == JsonTokenType.String && reader.CurrentDepth == 1)
                {
                    members[name] = Text(ref reader);
                }
            }
        }
        catch (JsonException)
        {
            // What was read until here is all there is.
        }

        return members;
    }

    private static string Text(ref Utf8JsonReader reader) => Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 256)]);
}
