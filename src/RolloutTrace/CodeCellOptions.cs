namespace RolloutTrace;

/// <summary>What is known of a code cell when its code is accepted.</summary>
public readonly struct CodeCellOptions
{
    /// <summary>The id by which the model knows the call that submitted the code.</summary>
    public required string CallId { get; init; }

    /// <summary>The code as the model wrote it.</summary>
    public required string Source { get; init; }

    /// <summary>The runtime's handle of the cell, unique in its thread; a fresh UUID by default.</summary>
    public string? RuntimeCellId { get; init; }

    /// <summary>The model request whose response has the code.</summary>
    public ModelRequest? CausedBy { get; init; }
}
