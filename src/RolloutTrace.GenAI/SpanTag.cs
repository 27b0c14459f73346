using System.Text.Json;

namespace RolloutTrace.GenAI;

/// <summary>One attribute of a span, an event, a link or a resource.</summary>
/// <param name="Name">Its name, as it came.</param>
/// <param name="Value">
/// A <see cref="string"/>, <see cref="bool"/>, number, array of those, or a <see cref="JsonElement"/> for what came structured, whose
/// document must live as long as the span. Null is a value that was empty. Anything else counts by its text.
/// </param>
public readonly record struct SpanTag(string Name, object? Value);
