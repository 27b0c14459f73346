namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>A part of a history by which a conversation may be found.</summary>
/// <param name="Kind">Which part it is.</param>
/// <param name="Agent">What tells its agent from others; empty where it is found whoever asks.</param>
/// <param name="First">A message of it, or its text.</param>
/// <param name="Second">The message after that; 0 if it is one alone.</param>
internal readonly record struct HistoryPart(HistoryPartKind Kind, string Agent, ulong First, ulong Second = 0);
