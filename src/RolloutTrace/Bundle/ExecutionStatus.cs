using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>State of anything that runs for a while: a turn, a request, a tool call.</summary>
[JsonConverter(typeof(WireEnumConverter<ExecutionStatus>))]
public enum ExecutionStatus
{
    /// <summary>Not ended, as far as the evidence goes.</summary>
    Running,

    /// <summary>Ended as intended.</summary>
    Completed,

    /// <summary>Ended by an error.</summary>
    Failed,

    /// <summary>Ended because someone asked it to.</summary>
    Cancelled,

    /// <summary>Ended without having finished, and nobody said why.</summary>
    Aborted,
}
