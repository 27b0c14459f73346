using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>What kind of cause made two runs differ.</summary>
[JsonConverter(typeof(WireEnumConverter<DifferenceKind>))]
public enum DifferenceKind
{
    /// <summary>The model was shown something else.</summary>
    Input,

    /// <summary>The model was shown the same and answered otherwise.</summary>
    Choice,

    /// <summary>A request was shown the same and did not complete in one run, or one run has such an attempt more.</summary>
    Attempt,

    /// <summary>All requests are alike, and an agent or the rollout ended otherwise.</summary>
    Outcome,
}
