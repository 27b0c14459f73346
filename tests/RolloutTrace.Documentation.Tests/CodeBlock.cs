namespace RolloutTrace.Documentation.Tests;

/// <summary>A fenced block of a document.</summary>
/// <param name="Language">What stands behind the fence: <c>csharp</c>, <c>sh</c>, <c>text</c>.</param>
/// <param name="Section">The heading above it.</param>
/// <param name="Line">Its first line in the document, from 1.</param>
/// <param name="Text">Its lines.</param>
internal sealed record CodeBlock(string Language, string Section, int Line, string Text);
