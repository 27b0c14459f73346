using System.Runtime.CompilerServices;
using OpenTelemetry.Trace;

namespace RolloutTrace.Recorder.Recording;

/// <summary>The names under which recorders were added to a pipeline: a library may add the one that its program has too.</summary>
internal sealed class AddedRecorders
{
    private readonly ConditionalWeakTable<TracerProviderBuilder, HashSet<string>> names = [];

    /// <summary>Whether the pipeline has none of that name yet.</summary>
    public bool Add(TracerProviderBuilder pipeline, string name) => names.GetValue(pipeline, static _ => new(StringComparer.Ordinal)).Add(name);
}
