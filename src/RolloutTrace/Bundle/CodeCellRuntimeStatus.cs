using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>State of a code cell as its runtime reports it.</summary>
[JsonConverter(typeof(WireEnumConverter<CodeCellRuntimeStatus>))]
public enum CodeCellRuntimeStatus
{
    /// <summary>Accepted; nothing came back yet.</summary>
    Starting,

    /// <summary>At work.</summary>
    Running,

    /// <summary>Gave an early answer and works on.</summary>
    Yielded,

    /// <summary>Ended as intended.</summary>
    Completed,

    /// <summary>Ended by an error.</summary>
    Failed,

    /// <summary>Ended because someone asked it to.</summary>
    Terminated,
}
