using System.Text.Json.Serialization;

namespace RolloutTrace.Import;

/// <summary>How much an <see cref="ImportDiagnostic"/> costs.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImportSeverity>))]
public enum ImportSeverity
{
    /// <summary>Nothing is lost.</summary>
    [JsonStringEnumMemberName("information")]
    Information,

    /// <summary>Something is missing or guessed.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>A line or a file gave nothing.</summary>
    [JsonStringEnumMemberName("error")]
    Error,
}
