namespace RolloutTrace.Replay.Answers;

/// <summary>What stands in a message.</summary>
/// <param name="Text">What it says; of anything but text, null.</param>
/// <param name="IsRefusal">Whether it is the words of a refusal.</param>
/// <param name="Json">The part as it was recorded, where it is no text.</param>
internal sealed record AnswerPart(string? Text, bool IsRefusal, string? Json);
