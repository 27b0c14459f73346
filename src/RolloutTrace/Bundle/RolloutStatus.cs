using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>State of a rollout, or of an agent's thread at its end.</summary>
[JsonConverter(typeof(WireEnumConverter<RolloutStatus>))]
public enum RolloutStatus
{
    /// <summary>Not ended, as far as the evidence goes.</summary>
    Running,

    /// <summary>Ended as intended.</summary>
    Completed,

    /// <summary>Ended by an error.</summary>
    Failed,

    /// <summary>Ended without having finished.</summary>
    Aborted,
}
