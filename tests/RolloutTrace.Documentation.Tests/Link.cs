namespace RolloutTrace.Documentation.Tests;

/// <summary>A link of a document.</summary>
/// <param name="Document">Where it stands.</param>
/// <param name="Target">Where it leads.</param>
/// <param name="LeadsSomewhere">Whether something is there.</param>
internal sealed record Link(string Document, string Target, bool LeadsSomewhere);
