using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>Writes answers for programs: indented, and escaped as little as JSON allows.</summary>
internal static class AnswerJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write<T>(CommandConsole console, T answer, JsonTypeInfo<T> type)
    {
        console.Out.Flush();
        using (var writer = new Utf8JsonWriter(console.Output, Options))
        {
            JsonSerializer.Serialize(writer, answer, type);
        }

        console.Output.Write("\n"u8);
    }
}

/// <summary>The generated JSON contract of the answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = MaxDepth)]
[JsonSerializable(typeof(ReductionSummary))]
[JsonSerializable(typeof(Answers<InspectAnswer>))]
[JsonSerializable(typeof(Answers<ValidateAnswer>))]
[JsonSerializable(typeof(Answers<AnomaliesAnswer>))]
[JsonSerializable(typeof(Answers<Transcript>))]
[JsonSerializable(typeof(Answers<ExplainAnswer>))]
[JsonSerializable(typeof(Answers<GrepAnswer>))]
[JsonSerializable(typeof(ListAnswer))]
[JsonSerializable(typeof(Answers<ScrubAnswer>))]
[JsonSerializable(typeof(Answers<ExportAnswer>))]
internal sealed partial class AnswerJsonContext : JsonSerializerContext
{
    /// <summary>An outline is the deepest answer: five nodes a session, and an object in a list for each.</summary>
    private const int MaxDepth = (RolloutOutline.MaxNestedSessions * 10) + 20;
}
