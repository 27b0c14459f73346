using System.Text.Json.Nodes;

namespace RolloutTrace.Recorder.Recording;

/// <summary>Why a payload cannot be recorded.</summary>
/// <param name="Problem">What is wrong.</param>
/// <param name="Detail">The type of the exception behind it, never its message, which may have content; or how large it is.</param>
/// <param name="Remains">What may be kept of a payload whose content was removed.</param>
internal sealed record PayloadFailure(PayloadProblem Problem, string? Detail = null, JsonObject? Remains = null);
