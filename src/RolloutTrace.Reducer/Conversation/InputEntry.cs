namespace RolloutTrace.Reducer.Conversation;

/// <summary>One entry of a request's input list.</summary>
/// <param name="Start">Where its bytes begin, from the list's opening bracket.</param>
/// <param name="End">Where they end.</param>
/// <param name="ItemsThrough">How many items the list has through this entry; entries that do not count make the difference.</param>
/// <param name="ComparesByPayload">Whether it refers to its payload, so that equal bytes are not enough.</param>
internal readonly record struct InputEntry(int Start, int End, int ItemsThrough, bool ComparesByPayload);
