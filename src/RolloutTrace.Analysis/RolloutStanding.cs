using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis;

/// <summary>How a rollout stands: as its log says, or where that says nothing, as <see cref="RolloutLiveness"/> finds out. In JSON the name in snake_case.</summary>
[JsonConverter(typeof(WireEnumConverter<RolloutStanding>))]
public enum RolloutStanding
{
    /// <summary>It ended well.</summary>
    Completed,

    /// <summary>It ended with an error.</summary>
    Failed,

    /// <summary>It was given up.</summary>
    Aborted,

    /// <summary>It has no end yet, and its recorder lives.</summary>
    Running,

    /// <summary>It has no end since its recorder had to stop the bundle: what happened afterwards is not in it.</summary>
    Cut,

    /// <summary>It has no end and will not get one: nobody writes to its bundle any more.</summary>
    Died,

    /// <summary>It has no end, and nothing tells whether anybody still writes to its bundle.</summary>
    Unended,
}
