using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>How much a diagnostic costs.</summary>
[JsonConverter(typeof(WireEnumConverter<DiagnosticSeverity>))]
public enum DiagnosticSeverity
{
    /// <summary>Nothing was lost; strict reduction would have refused.</summary>
    Information,

    /// <summary>Something is kept in a lesser form.</summary>
    Warning,

    /// <summary>An event was left out.</summary>
    Error,
}
