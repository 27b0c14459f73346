using System.Text.Json.Serialization;

namespace RolloutTrace.Analysis.Answers;

/// <summary>The generated JSON contract of the answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = MaxDepth)]
[JsonSerializable(typeof(BundleAnswers<InspectAnswer>))]
[JsonSerializable(typeof(BundleAnswers<ValidateAnswer>))]
[JsonSerializable(typeof(BundleAnswers<AnomaliesAnswer>))]
[JsonSerializable(typeof(BundleAnswers<Transcript>))]
[JsonSerializable(typeof(BundleAnswers<ExplainAnswer>))]
[JsonSerializable(typeof(BundleAnswers<GrepAnswer>))]
[JsonSerializable(typeof(BundleAnswers<CacheAnswer>))]
[JsonSerializable(typeof(BundleAnswers<ContextAnswer>))]
[JsonSerializable(typeof(ListAnswer))]
internal sealed partial class AnswerJsonContext : JsonSerializerContext
{
    /// <summary>An outline is the deepest answer: five nodes a session, and an object in a list for each.</summary>
    private const int MaxDepth = (RolloutOutline.MaxNestedSessions * 10) + 20;
}
