namespace RolloutTrace.Bundle;

/// <summary>What is wrong with a line of the event log.</summary>
/// <param name="Kind">What kind of defect it is.</param>
/// <param name="Text">What is wrong, in words, without file and line.</param>
public sealed record LineDefect(LineDefectKind Kind, string Text);
