using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>The list of rollouts below a root, of which only those are read anew that have changed. Safe for concurrent use.</summary>
internal sealed class ServedList(RolloutCatalog catalog, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (string Stamp, BundleOverview? Overview, string? Error)> known = new(StringComparer.Ordinal);

    /// <summary>What is another as soon as the list is another.</summary>
    public string Stamp() => StampOf(catalog.WhyMissing, catalog.All().Select(StampOf));

    /// <summary>The list as JSON: <c>root</c>, <c>missing</c> (in words, if there is no root) and as <c>list</c> the members of <c>rollout-trace list</c>, whose <c>bundle</c> is a name below the root; with its stamp.</summary>
    public (string Stamp, byte[] Json) Read()
    {
        var missing = catalog.WhyMissing;
        var all = catalog.All();
        var stamps = all.Select(StampOf).ToList();
        Parallel.For(0, all.Count, i => Learn(all[i], stamps[i]));
        foreach (var gone in known.Keys.Except(all.Select(static rollout => rollout.Name), StringComparer.Ordinal))
        {
            known.TryRemove(gone, out _);
        }

        var entries = all.Select(rollout => known.GetValueOrDefault(rollout.Name)).ToList();
        var answer = new ListAnswer
        {
            Total = all.Count,
            Bundles = [.. entries.Select(static entry => entry.Overview).OfType<BundleOverview>()],
            Errors = [.. entries.Select(static entry => entry.Error).Concat(all.Select(static rollout => rollout.ApartBecause)).OfType<string>()],
        };
        return (StampOf(missing, stamps), Written(answer, missing));
    }

    private static string StampOf(string? missing, IEnumerable<string> stamps) => BundleStamp.Of(string.Join('\n', [missing ?? "", .. stamps]));

    private string StampOf(CataloguedRollout rollout) => BundleStamp.Of(
        rollout,
        known.TryGetValue(rollout.Name, out var before) && before.Overview?.Status is RolloutStanding.Completed or RolloutStanding.Failed or RolloutStanding.Aborted);

    private void Learn(CataloguedRollout rollout, string stamp)
    {
        if (known.TryGetValue(rollout.Name, out var before) && before.Stamp == stamp)
        {
            return;
        }

        try
        {
            if (rollout.Problem is { } problem)
            {
                known[rollout.Name] = (stamp, null, problem);
                return;
            }

            known[rollout.Name] = (stamp, rollout.ReadOverview(time.GetUtcNow()), null);
        }
        catch (Exception e) when (e is BundleException or IOException or UnauthorizedAccessException)
        {
            known[rollout.Name] = (stamp, null, e.Message);
        }
    }

    private byte[] Written(ListAnswer answer, string? missing)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("root", catalog.Root);
            if (missing is not null)
            {
                json.WriteString("missing", missing);
            }

            json.WritePropertyName("list");
            JsonSerializer.Serialize(json, answer, AnswerJson.List);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}
