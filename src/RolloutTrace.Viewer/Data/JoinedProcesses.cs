using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Viewer.Data;

/// <summary>The processes of a joined rollout: each rollout that was joined, with what its threads are. Of a rollout that was not joined there are none.</summary>
internal sealed class JoinedProcesses
{
    private readonly Dictionary<string, int> ofThreads = new(StringComparer.Ordinal);

    public JoinedProcesses(OpenRollout rollout, IEnumerable<AgentThread> threads)
    {
        if (rollout.Bundle?.Manifest.Joined is not { Count: > 0 } parts)
        {
            return;
        }

        var ofParts = new Dictionary<string, int>(StringComparer.Ordinal);
        var all = new List<JoinedProcess>();
        foreach (var group in parts.GroupBy(static part => part.RolloutId, StringComparer.Ordinal))
        {
            foreach (var part in group)
            {
                ofParts.TryAdd(part.TraceId, all.Count);
            }

            all.Add(new JoinedProcess { RolloutId = group.Key, Parts = [.. group] });
        }

        Learn(rollout.Bundle, ofParts);
        foreach (var thread in threads)
        {
            // The first that started is the one that the others are below.
            if (Of(thread.ThreadId) is { } number && all[number].Name.Length == 0)
            {
                all[number].Name = thread.AgentPath[(thread.AgentPath.LastIndexOf('/') + 1)..];
            }
        }

        All = all;
    }

    /// <summary>The processes, in order of start.</summary>
    public IReadOnlyList<JoinedProcess> All { get; } = [];

    /// <summary>The number of the process that a thread runs in; null if that is not known.</summary>
    public int? Of(string threadId) => ofThreads.TryGetValue(threadId, out var number) ? number : null;

    private void Learn(BundleReader bundle, Dictionary<string, int> ofParts)
    {
        foreach (var line in bundle.ReadEvents())
        {
            if (line.Event is { Part: { } part, Payload: ThreadStartedEvent started } && ofParts.TryGetValue(part, out var number))
            {
                ofThreads.TryAdd(started.ThreadId, number);
            }
        }
    }
}
