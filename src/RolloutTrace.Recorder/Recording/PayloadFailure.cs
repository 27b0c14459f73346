using System.Text.Json.Nodes;

namespace RolloutTrace.Recorder.Recording;

/// <summary>Why a payload cannot be recorded.</summary>
/// <param name="Problem">What is wrong.</param>
/// <param name="ExceptionType">The type of the exception behind it, if there was one; never its message, which may have content.</param>
/// <param name="Remains">What may be kept of a payload whose content was removed.</param>
internal sealed record PayloadFailure(PayloadProblem Problem, string? ExceptionType = null, JsonObject? Remains = null);
