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

    /// <summary>The member <c>requester</c> of a line in canonical form.</summary>
    internal static ToolRequester Read(ref CanonicalJson json)
    {
        json.Literal(",\"requester\":{\"type\":"u8);
        var requester = json.TryLiteral("\"model\""u8) ? Model
            : json.TryLiteral("\"code_cell\""u8) ? new CodeCellRequester { RuntimeCellId = json.Text("runtime_cell_id"u8) }
            : json.Unknown<ToolRequester>();
        json.Literal("}"u8);
        return requester;
    }
}

/// <summary>The model asked, in a response.</summary>
public sealed record ModelRequester : ToolRequester;

/// <summary>Code in a code cell asked.</summary>
public sealed record CodeCellRequester : ToolRequester
{
    /// <summary>The runtime's handle of the cell, local to its thread.</summary>
    public required string RuntimeCellId { get; init; }
}
