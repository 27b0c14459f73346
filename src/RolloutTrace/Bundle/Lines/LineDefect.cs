namespace RolloutTrace.Bundle;

/// <summary>What is wrong with a line of the event log, or with one thing on it.</summary>
/// <param name="Kind">What kind of defect it is.</param>
/// <param name="Text">What is wrong, in words, without file and line.</param>
/// <param name="Cause">What it has in common with others of its kind, such as the word that is not known; null if it stands for itself.</param>
public sealed record LineDefect(LineDefectKind Kind, string Text, string? Cause = null);
