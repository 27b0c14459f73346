using System.Text.Json.Serialization;

namespace RolloutTrace.Reducer;

/// <summary>Who asked for a tool call.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RequestedByModel), "model")]
[JsonDerivedType(typeof(RequestedByCodeCell), "code_cell")]
public abstract record ToolCallRequester
{
    private protected ToolCallRequester()
    {
    }
}

/// <summary>The model asked, in a response.</summary>
public sealed record RequestedByModel : ToolCallRequester;

/// <summary>Code in a code cell asked.</summary>
public sealed record RequestedByCodeCell : ToolCallRequester
{
    /// <summary>The cell. It may be missing from the graph when the model's own item for it was never seen.</summary>
    public required string CodeCellId { get; init; }
}
