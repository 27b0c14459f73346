namespace RolloutTrace.Reducer.Conversation;

/// <summary>What a request has shown to the model.</summary>
/// <param name="History">What the model has seen by then, which may be unknown.</param>
/// <param name="Items">The items that the request is known to consist of, in order; none if it could not be read.</param>
internal readonly record struct ShownHistory(History History, IdList Items);
