using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Joining.Parts;

/// <summary>One bundle to be joined, in the words of whoever recorded it. What grows with its log alone is in memory; lines are in the spool.</summary>
internal sealed class Part
{
    public required JoinSource Source { get; init; }

    /// <summary>The manifest's object as it was recorded.</summary>
    public required JsonElement ManifestJson { get; init; }

    public required BundleManifest Manifest { get; init; }

    public string TraceId => Manifest.TraceId;

    public string RolloutId => Manifest.RolloutId;

    /// <summary>What is wrong with what the manifest says of a caller; null if nothing.</summary>
    public string? CallerProblem { get; init; }

    public List<PartEvent> Events { get; } = [];

    public Dictionary<string, PartPayload> Payloads { get; } = new(StringComparer.Ordinal);

    /// <summary>The payloads in the order in which they were named first.</summary>
    public List<string> PayloadOrder { get; } = [];

    public Dictionary<string, PartThread> Threads { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, PartTool> Tools { get; } = new(StringComparer.Ordinal);

    /// <summary>The turns of the root thread, in order.</summary>
    public List<PartTurn> Turns { get; } = [];

    public Dictionary<string, PartSpan> Spans { get; } = new(StringComparer.Ordinal);

    /// <summary>The ids that it has, each once, in the order in which they come.</summary>
    public List<(IdKind Kind, string Id)> Ids { get; } = [];

    /// <summary>Those of them of which it has the start.</summary>
    public HashSet<(IdKind Kind, string Id)> Started { get; } = [];

    public bool HasEnded { get; set; }

    public int UnreadableLines { get; set; }

    /// <summary>When it starts, and ends as far as is known, by its own clock.</summary>
    public long First => Events.Count == 0 ? Manifest.StartedAtUnixMs : Events[0].Time;

    /// <inheritdoc cref="First"/>
    public long Last => Events.Count == 0 ? Manifest.StartedAtUnixMs : Events[^1].Time;

    /// <summary>What is added to its clock.</summary>
    public long Shift { get; set; }

    /// <summary>Before its first event comes this one of another part; null for the root's first.</summary>
    public (Part Part, int Index)? StartsAfter { get; set; }

    /// <summary>After its last event comes this one of the part that has called it; null where that did not wait.</summary>
    public (Part Part, int Index)? EndsBefore { get; set; }

    /// <summary>The part of the same rollout that it goes on from; null for the first.</summary>
    public Part? Previous { get; set; }

    /// <summary>Its number in order of start, from 1 on; 0 for one that is not joined.</summary>
    public int Number { get; set; }

    public string Name => $"{Source.Path} (rollout {RolloutId})";
}
