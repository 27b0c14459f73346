using System.Globalization;
using RolloutTrace.Bundle;
using RolloutTrace.Joining;

namespace RolloutTrace.Cli;

/// <summary>
/// Finds which bundles of a root are one rollout over several processes, as 'join' would: whatever appears or grows is looked at, and nothing else is read
/// again. Safe for concurrent use.
/// </summary>
internal sealed class RolloutsTogether : IDisposable
{
    private readonly Lock gate = new();
    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("rollout-trace-joined-");
    private Dictionary<string, Links> links = new(StringComparer.Ordinal);
    private Dictionary<string, IReadOnlyList<CataloguedRollout>> groups = new(StringComparer.Ordinal);

    /// <summary>The rollouts that bundles give.</summary>
    public IReadOnlyList<CataloguedRollout> Of(IReadOnlyList<CataloguedRollout> all)
    {
        lock (gate)
        {
            var stamps = all.Select(StampOf).ToList();
            var looked = new Links[all.Count];
            Parallel.For(0, all.Count, i => looked[i] = links.TryGetValue(all[i].Path, out var known) && known.Stamp == stamps[i] ? known : Look(all[i], stamps[i]));
            links = all.Select((rollout, i) => (rollout.Path, Links: looked[i])).ToDictionary(static entry => entry.Path, static entry => entry.Links, StringComparer.Ordinal);
            var found = new Dictionary<string, IReadOnlyList<CataloguedRollout>>(StringComparer.Ordinal);
            var result = new List<CataloguedRollout>();
            foreach (var group in Connected(looked))
            {
                if (group is [var only])
                {
                    result.Add(all[only]);
                    continue;
                }

                var key = string.Join('\n', group.Select(i => $"{all[i].Path} {stamps[i]}"));
                found[key] = groups.GetValueOrDefault(key) ?? Planned([.. group.Select(i => all[i])]);
                result.AddRange(found[key]);
            }

            groups = found;
            return result;
        }
    }

    public void Dispose() => temporary.Delete(recursive: true);

    private static string StampOf(CataloguedRollout rollout)
    {
        var log = new FileInfo(rollout.GrowingFile);
        return rollout.Manifest is null || !log.Exists ? "" : string.Create(CultureInfo.InvariantCulture, $"{rollout.Manifest.TraceId} {log.Length} {log.LastWriteTimeUtc.Ticks}");
    }

    private static Links Look(CataloguedRollout rollout, string stamp)
    {
        if (stamp.Length == 0)
        {
            return new Links(stamp, [], [], []);
        }

        try
        {
            var look = RolloutJoiner.Look(JoinSources.Of(rollout.Found));
            return new Links(stamp, look.RolloutIds, look.Callers, [.. look.Spans.Select(NumberOf).Where(static span => span != 0)]);
        }
        catch (Exception e) when (e is BundleException or IOException or UnauthorizedAccessException)
        {
            // Whoever opens it says what is wrong.
            return new Links(stamp, [rollout.Manifest!.RolloutId], [], []);
        }
    }

    // Of a span the id is enough to find what might belong together.
    private static ulong NumberOf(string span) =>
        span.Length > 16 && ulong.TryParse(span.AsSpan(span.Length - 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : 0;

    // What has called what, and what goes on from what, each with its numbers in ascending order.
    private static IEnumerable<IReadOnlyList<int>> Connected(Links[] all)
    {
        var above = Enumerable.Range(0, all.Length).ToArray();
        var byRollout = new Dictionary<string, int>(StringComparer.Ordinal);
        var bySpan = new Dictionary<ulong, int>();
        for (var i = 0; i < all.Length; i++)
        {
            foreach (var id in all[i].RolloutIds)
            {
                Unite(i, byRollout.TryAdd(id, i) ? i : byRollout[id]);
            }

            foreach (var span in all[i].Spans)
            {
                bySpan.TryAdd(span, i);
            }
        }

        for (var i = 0; i < all.Length; i++)
        {
            foreach (var caller in all[i].Callers)
            {
                if (caller.RolloutId is { } id && byRollout.TryGetValue(id, out var called)
                    || caller.Otel is { } span && bySpan.TryGetValue(NumberOf($"{span.TraceId}-{span.SpanId}"), out called))
                {
                    Unite(i, called);
                }
            }
        }

        return Enumerable.Range(0, all.Length).GroupBy(Top).Select(static group => (IReadOnlyList<int>)[.. group]);

        int Top(int i)
        {
            while (above[i] != i)
            {
                i = above[i] = above[above[i]];
            }

            return i;
        }

        void Unite(int a, int b) => above[Math.Max(Top(a), Top(b))] = Math.Min(Top(a), Top(b));
    }

    private IReadOnlyList<CataloguedRollout> Planned(IReadOnlyList<CataloguedRollout> members)
    {
        JoinPlan plan;
        try
        {
            plan = RolloutJoiner.Plan(members.Select(static member => JoinSources.Of(member.Found)));
        }
        catch (Exception e) when (e is JoinException or BundleException or IOException or UnauthorizedAccessException)
        {
            return [.. members.Select(member => Apart(member, e.Message))];
        }

        var reasons = plan.Apart.DistinctBy(static apart => apart.Path, StringComparer.Ordinal).ToDictionary(static apart => apart.Path, static apart => apart.Reason, StringComparer.Ordinal);
        var parts = members.Where(member => !reasons.ContainsKey(member.Path)).ToList();
        var apart = members.Where(member => reasons.ContainsKey(member.Path)).Select(member => Apart(member, reasons[member.Path]));
        return parts.Count < 2 ? [.. parts, .. apart] : [Together(parts, plan), .. apart];
    }

    private CataloguedRollout Together(IReadOnlyList<CataloguedRollout> parts, JoinPlan plan)
    {
        var root = parts.First(part => part.Path == plan.Root);
        return new CataloguedRollout
        {
            Name = root.Name,
            Found = FoundBundle.Together(root.Path, () => Open(parts)),
            Manifest = root.Manifest,
            Parts = parts,
            Agents = plan.Agents,
        };
    }

    private OpenedBundle Open(IReadOnlyList<CataloguedRollout> parts)
    {
        var directory = new TemporaryDirectory(Path.Join(temporary.FullName, Guid.NewGuid().ToString("N")));
        try
        {
            JoinSources.Join(parts.Select(static part => part.Found), directory.Path, root: null);
            return new OpenedBundle(BundleReader.Open(directory.Path), directory);
        }
        catch (Exception e) when (e is JoinException or BundleException or IOException or UnauthorizedAccessException)
        {
            directory.Dispose();
            throw new BundleException($"{parts[0].Name}: cannot be joined: {e.Message}", e);
        }
    }

    private static CataloguedRollout Apart(CataloguedRollout member, string reason) => new()
    {
        Name = member.Name,
        Found = member.Found,
        Manifest = member.Manifest,
        Problem = member.Problem,
        ApartBecause = $"{member.Name}: stays apart: {reason}",
    };

    private sealed record Links(string Stamp, IReadOnlyList<string> RolloutIds, IReadOnlyList<CallerReference> Callers, IReadOnlyList<ulong> Spans);

    private sealed class TemporaryDirectory(string path) : IDisposable
    {
        public string Path => path;

        public void Dispose()
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        }
    }
}
