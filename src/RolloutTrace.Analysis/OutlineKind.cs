using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis;

/// <summary>What a node of an outline is.</summary>
[JsonConverter(typeof(WireEnumConverter<OutlineKind>))]
public enum OutlineKind
{
    /// <summary>An agent's thread.</summary>
    Session,

    /// <summary>A turn.</summary>
    Turn,

    /// <summary>A model request.</summary>
    Request,

    /// <summary>A tool call.</summary>
    ToolCall,

    /// <summary>A code cell.</summary>
    CodeCell,

    /// <summary>An operation on a terminal.</summary>
    TerminalOperation,

    /// <summary>A compaction, installed or not.</summary>
    Compaction,

    /// <summary>A model request made for a compaction.</summary>
    CompactionRequest,
}
