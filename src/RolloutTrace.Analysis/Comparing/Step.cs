using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>A request of one run and the one that it stands for in the other; one of the two is null where only the other run has it.</summary>
/// <param name="A">The request of the first run.</param>
/// <param name="B">The request of the second run.</param>
/// <param name="NextA">Where only the second run has it: the request of the first before which it would stand; null for none.</param>
/// <param name="NextB">Where only the first run has it: the request of the second before which it would stand; null for none.</param>
/// <param name="Seq">Its place in the first run, by the sequence numbers of that.</param>
internal sealed record Step(InferenceCall? A, InferenceCall? B, InferenceCall? NextA, InferenceCall? NextB, long Seq);
