namespace RolloutTrace.Reducer.Redaction;

/// <summary>A secret in a text.</summary>
/// <param name="Text">The text.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="End">Where it ends there, exclusively.</param>
/// <param name="Mark">What stands for it.</param>
internal readonly record struct Hit(MappedText Text, int Start, int End, Mark Mark);
