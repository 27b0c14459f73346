using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis;

/// <summary>Where a part of a request's input comes from.</summary>
[JsonConverter(typeof(WireEnumConverter<ContextOriginKind>))]
public enum ContextOriginKind
{
    /// <summary>Instructions, beside the items or as items of the system or the developer.</summary>
    Instructions,

    /// <summary>Definitions of tools.</summary>
    ToolDefinitions,

    /// <summary>What the user said.</summary>
    User,

    /// <summary>What the model said, and its calls.</summary>
    Assistant,

    /// <summary>The model's reasoning.</summary>
    Reasoning,

    /// <summary>What a tool gave.</summary>
    ToolOutput,

    /// <summary>What other agents said.</summary>
    Agents,

    /// <summary>What a compaction put in the place of a history.</summary>
    Summary,
}
