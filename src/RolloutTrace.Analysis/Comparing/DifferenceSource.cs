using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>Where an item that differs comes from.</summary>
[JsonConverter(typeof(WireEnumConverter<DifferenceSource>))]
public enum DifferenceSource
{
    /// <summary>The user said it.</summary>
    User,

    /// <summary>The same call got another answer: the world differed.</summary>
    ToolOutput,

    /// <summary>It is the model's, and not in what the model answered.</summary>
    Model,

    /// <summary>A compaction put it there.</summary>
    Compaction,

    /// <summary>The harness put it there: system, developer, and everything else.</summary>
    Harness,
}
