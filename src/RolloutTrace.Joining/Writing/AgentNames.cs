using System.Globalization;
using RolloutTrace.Joining.Tree;
using RolloutTrace.Payloads;

namespace RolloutTrace.Joining.Writing;

/// <summary>Where each thread is in the whole: a callee is below the thread that called it, and its own threads are below it.</summary>
internal sealed class AgentNames
{
    private const string Unnamed = "agent";

    private readonly Dictionary<string, string> paths = new(StringComparer.Ordinal);
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> last = new(StringComparer.Ordinal);

    /// <param name="joined">The rollouts, each behind the one that called it.</param>
    public AgentNames(IReadOnlyList<RolloutGroup> joined)
    {
        foreach (var group in joined.OrderBy(static group => group.First.Number))
        {
            var own = OwnPath(group);
            var path = group == joined[0] ? own : NameOf(group);
            foreach (var (threadId, thread) in group.Parts.SelectMany(static part => part.Threads))
            {
                if (paths.TryAdd(threadId, threadId == group.RootThreadId ? path : Below(path, own, thread.Path)))
                {
                    taken.Add(paths[threadId]);
                }
            }

            paths.TryAdd(group.RootThreadId, path);
            taken.Add(path);
        }
    }

    /// <summary>A thread's path in the whole; null for a thread that no part has started.</summary>
    public string? Of(string threadId) => paths.GetValueOrDefault(threadId);

    private static string OwnPath(RolloutGroup group) => group.FindThread(group.RootThreadId) is var (_, thread) ? thread.Path : AgentPaths.Root;

    private static string Below(string path, string own, string ofThread) =>
        ofThread.Length > own.Length && ofThread.StartsWith(own, StringComparison.Ordinal) && ofThread[own.Length] == '/'
            ? path + ofThread[own.Length..]
            : AgentPaths.Child(path, AgentPaths.NameOf(ofThread));

    private string NameOf(RolloutGroup group)
    {
        var thread = group.FindThread(group.RootThreadId)?.Thread;
        var name = new[] { thread?.Nickname, thread?.TaskName, thread?.Role }.FirstOrDefault(static given => !string.IsNullOrEmpty(given)) ?? Unnamed;
        var path = AgentPaths.Child(paths.GetValueOrDefault(group.Spawn!.CallerThreadId, AgentPaths.Root), name);
        var unique = path;
        while (taken.Contains(unique))
        {
            var number = last[path] = last.GetValueOrDefault(path, 1) + 1;
            unique = string.Create(CultureInfo.InvariantCulture, $"{path}_{number}");
        }

        return unique;
    }
}
