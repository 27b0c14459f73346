using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>Who asked for a tool call.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ModelRequester), "model")]
[JsonDerivedType(typeof(CodeCellRequester), "code_cell")]
public abstract record ToolRequester
{
    private protected ToolRequester()
    {
    }

    /// <summary>The model asked, in a response.</summary>
    public static ToolRequester Model { get; } = new ModelRequester();
}

/// <summary>The model asked, in a response.</summary>
public sealed record ModelRequester : ToolRequester;

/// <summary>Code in a code cell asked.</summary>
public sealed record CodeCellRequester : ToolRequester
{
    /// <summary>The runtime's handle of the cell, local to its thread.</summary>
    public required string RuntimeCellId { get; init; }
}
