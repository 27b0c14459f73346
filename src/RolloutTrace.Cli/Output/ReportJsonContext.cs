using System.Text.Json.Serialization;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Import;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli;

/// <summary>The generated JSON contract of what commands report that write something.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ReductionSummary))]
[JsonSerializable(typeof(BundleAnswers<RedactAnswer>))]
[JsonSerializable(typeof(BundleAnswers<ScrubAnswer>))]
[JsonSerializable(typeof(BundleAnswers<ExportAnswer>))]
[JsonSerializable(typeof(BundleAnswers<ParquetAnswer>))]
[JsonSerializable(typeof(CompactionAnswer))]
[JsonSerializable(typeof(BundleAnswers<PackResult>))]
[JsonSerializable(typeof(BundleAnswers<UnpackResult>))]
[JsonSerializable(typeof(BundleAnswers<PushAnswer>))]
[JsonSerializable(typeof(ImportResult))]
[JsonSerializable(typeof(JoinAnswer))]
[JsonSerializable(typeof(SessionLogsAnswer))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
