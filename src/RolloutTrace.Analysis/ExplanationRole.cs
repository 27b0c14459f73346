using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis;

/// <summary>What a step of an explanation is to the thing explained.</summary>
[JsonConverter(typeof(WireEnumConverter<ExplanationRole>))]
public enum ExplanationRole
{
    /// <summary>It led to the thing. In JSON <c>cause</c>.</summary>
    Cause,

    /// <summary>It is the thing. In JSON <c>subject</c>.</summary>
    Subject,

    /// <summary>It came of the thing. In JSON <c>effect</c>.</summary>
    Effect,
}
