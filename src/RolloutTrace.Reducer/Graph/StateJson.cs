using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RolloutTrace.Reducer;

/// <summary>How states are written and read.</summary>
internal static class StateJson
{
    /// <summary>
    /// The contract for writing one document. Text is escaped as little as JSON allows, since states are files and
    /// not parts of web pages.
    /// </summary>
    public static JsonTypeInfo<RolloutGraph> ForWriting() => new RolloutJsonContext(new JsonSerializerOptions(RolloutJsonContext.Default.Options)
    {
        Converters = { new SharedIdListConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultBufferSize = 1 << 18,
    }).RolloutGraph;
}
