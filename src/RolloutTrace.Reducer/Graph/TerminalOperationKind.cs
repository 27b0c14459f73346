using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>What a terminal operation does.</summary>
[JsonConverter(typeof(WireEnumConverter<TerminalOperationKind>))]
public enum TerminalOperationKind
{
    /// <summary>Runs a command.</summary>
    ExecCommand,

    /// <summary>Writes to a running command's standard input.</summary>
    WriteStdin,
}
