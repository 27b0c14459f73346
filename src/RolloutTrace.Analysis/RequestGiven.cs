namespace RolloutTrace.Analysis;

/// <summary>
/// What a request gave the model beside its items: instructions, tools and parameters, in whichever API's words. It stands in the
/// request's payload, and not in the state. Instructions that an API has in its list of messages are items.
/// </summary>
public sealed record RequestGiven
{
    /// <summary>The request.</summary>
    public required string InferenceCallId { get; init; }

    /// <summary>Name of the API's dialect, such as <c>chat_completions</c>.</summary>
    public required string Dialect { get; init; }

    /// <summary>The instructions; null if the request has none beside its items.</summary>
    public required string? Instructions { get; init; }

    /// <summary>Length of the instructions in bytes of UTF-8; 0 without any.</summary>
    public required int InstructionsBytes { get; init; }

    /// <summary>The tools, in the order of the request.</summary>
    public required IReadOnlyList<GivenTool> Tools { get; init; }

    /// <summary>All other members of the request, such as the temperature, in its order.</summary>
    public required IReadOnlyList<GivenParameter> Parameters { get; init; }
}
