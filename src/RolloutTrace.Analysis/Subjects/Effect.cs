namespace RolloutTrace.Analysis.Subjects;

/// <summary>Something that came of something else.</summary>
/// <param name="Subject">What came of it.</param>
/// <param name="Text">How, and what it is, in words.</param>
internal sealed record Effect(Subject Subject, string Text);
