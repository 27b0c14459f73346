namespace RolloutTrace.Replay.Answers;

/// <summary>How a recorded request ended.</summary>
internal enum AnswerStatus
{
    Completed,
    Failed,
    Cancelled,
}
