using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RolloutTrace.Analysis.Answers;

/// <summary>
/// The answers as JSON: names of members and values in snake_case, times in milliseconds since the Unix epoch, null for what is not
/// known. Members are only ever added. Safe for concurrent use.
/// </summary>
public static class AnswerJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The contract of <see cref="AnomaliesAnswer"/>.</summary>
    public static JsonTypeInfo<BundleAnswers<AnomaliesAnswer>> Anomalies => AnswerJsonContext.Default.BundleAnswersAnomaliesAnswer;

    /// <summary>The contract of <see cref="CacheAnswer"/>.</summary>
    public static JsonTypeInfo<BundleAnswers<CacheAnswer>> Cache => AnswerJsonContext.Default.BundleAnswersCacheAnswer;

    /// <summary>The contract of <see cref="ContextAnswer"/>.</summary>
    public static JsonTypeInfo<BundleAnswers<ContextAnswer>> Context => AnswerJsonContext.Default.BundleAnswersContextAnswer;

    /// <summary>The contract of <see cref="ExplainAnswer"/>.</summary>
    public static JsonTypeInfo<BundleAnswers<ExplainAnswer>> Explain => AnswerJsonContext.Default.BundleAnswersExplainAnswer;

    /// <summary>The contract of <see cref="GrepAnswer"/>.</summary>
    public static JsonTypeInfo<BundleAnswers<GrepAnswer>> Grep => AnswerJsonContext.Default.BundleAnswersGrepAnswer;

    /// <summary>The contract of <see cref="InspectAnswer"/>.</summary>
    public static JsonTypeInfo<BundleAnswers<InspectAnswer>> Inspect => AnswerJsonContext.Default.BundleAnswersInspectAnswer;

    /// <summary>The contract of <see cref="ListAnswer"/>, which is about all bundles at once.</summary>
    public static JsonTypeInfo<ListAnswer> List => AnswerJsonContext.Default.ListAnswer;

    /// <summary>The contract of <see cref="Analysis.Transcript"/>.</summary>
    public static JsonTypeInfo<BundleAnswers<Transcript>> Transcript => AnswerJsonContext.Default.BundleAnswersTranscript;

    /// <summary>The contract of <see cref="ValidateAnswer"/>.</summary>
    public static JsonTypeInfo<BundleAnswers<ValidateAnswer>> Validate => AnswerJsonContext.Default.BundleAnswersValidateAnswer;

    /// <summary>Writes an answer for programs: indented, and escaped as little as JSON allows, with a line's end behind it.</summary>
    /// <typeparam name="T">The answer's type.</typeparam>
    /// <param name="destination">Where to; it is left open.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="type">The contract of the answer.</param>
    public static void Write<T>(Stream destination, T answer, JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(type);
        using (var writer = new Utf8JsonWriter(destination, Options))
        {
            JsonSerializer.Serialize(writer, answer, type);
        }

        destination.Write("\n"u8);
    }
}
