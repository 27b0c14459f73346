namespace RolloutTrace.Content;

/// <summary>The content of a response.</summary>
/// <param name="Output">The message that the model gave.</param>
/// <param name="IsAnswer">Whether it says something to whoever asked, and does not only call tools.</param>
internal sealed record ResponseContent(ContentValue Output, bool IsAnswer);
