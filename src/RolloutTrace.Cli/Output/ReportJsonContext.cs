using System.Text.Json.Serialization;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary>The generated JSON contract of what commands report that write something.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ReductionSummary))]
[JsonSerializable(typeof(BundleAnswers<RedactAnswer>))]
[JsonSerializable(typeof(BundleAnswers<ScrubAnswer>))]
[JsonSerializable(typeof(BundleAnswers<ExportAnswer>))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
