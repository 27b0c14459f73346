using System.Text.Json.Serialization;

namespace RolloutTrace.Reducer;

/// <summary>Where a thread comes from.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RootOrigin), "root")]
[JsonDerivedType(typeof(SpawnedOrigin), "spawned")]
public abstract record ThreadOrigin
{
    private protected ThreadOrigin()
    {
    }
}

/// <summary>The thread is the rollout's first.</summary>
public sealed record RootOrigin : ThreadOrigin;

/// <summary>Another thread spawned it.</summary>
public sealed record SpawnedOrigin : ThreadOrigin
{
    /// <summary>The thread that spawned it.</summary>
    public required string ParentThreadId { get; init; }

    /// <summary>The edge of the spawn. It may be missing from the graph when its tool call left no evidence.</summary>
    public required string SpawnEdgeId { get; init; }

    /// <summary>Name of its task.</summary>
    public required string TaskName { get; init; }

    /// <summary>Its role; empty if none is known.</summary>
    public required string AgentRole { get; init; }
}
