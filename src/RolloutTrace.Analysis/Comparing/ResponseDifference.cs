namespace RolloutTrace.Analysis.Comparing;

/// <summary>The first thing in which two responses differ, the weightiest first.</summary>
/// <param name="What">Another tool, other arguments, other words, or other reasoning.</param>
/// <param name="Name">The tool; null where it is none.</param>
/// <param name="ItemA">The item of the first response; null if only the other has it.</param>
/// <param name="ItemB">The item of the second response; null if only the other has it.</param>
internal sealed record ResponseDifference(DifferenceSubject What, string? Name, string? ItemA, string? ItemB);
