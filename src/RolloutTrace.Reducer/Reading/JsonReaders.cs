using System.Text.Json;

namespace RolloutTrace.Reducer.Reading;

/// <summary>Readers that begin in the middle of a document.</summary>
internal static class JsonReaders
{
    /// <summary>The state of a reader behind the beginning of a document, at which another may go on.</summary>
    /// <param name="beginning">A beginning, up to the end of a value.</param>
    /// <param name="options">How to read.</param>
    public static JsonReaderState Behind(ReadOnlySpan<byte> beginning, JsonReaderOptions options)
    {
        var reader = new Utf8JsonReader(beginning, isFinalBlock: false, new JsonReaderState(options));
        while (reader.Read())
        {
        }

        return reader.CurrentState;
    }
}
