using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RolloutTrace.Reducer;

/// <summary>How states are written: text escaped as little as JSON allows, since they are files and not parts of web pages.</summary>
internal static class StateJson
{
    public static JsonTypeInfo<RolloutGraph> Graph { get; } = new RolloutJsonContext(new JsonSerializerOptions(RolloutJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultBufferSize = 1 << 18,
    }).RolloutGraph;
}
