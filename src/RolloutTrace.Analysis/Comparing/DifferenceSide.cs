namespace RolloutTrace.Analysis.Comparing;

/// <summary>Which of two runs has a request.</summary>
internal enum DifferenceSide
{
    Both,
    A,
    B,
}
