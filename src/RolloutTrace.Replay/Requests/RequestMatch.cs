using RolloutTrace.Analysis.Comparing;
using RolloutTrace.Replay.Answers;

namespace RolloutTrace.Replay.Requests;

/// <summary>Whether a request is a recorded one, and in what it is not.</summary>
internal static class RequestMatch
{
    /// <summary>The first difference, in the order in which a model is shown things; null if there is none.</summary>
    public static ReplayDifference? Difference(RecordedRequest recorded, RequestShape asked, ReplayGiven given) =>
        Given(recorded, asked, given) ?? Items(recorded.Shape!, asked);

    /// <summary>The first difference in what a request gives beside its items; null if there is none.</summary>
    public static ReplayDifference? Given(RecordedRequest recorded, RequestShape asked, ReplayGiven given)
    {
        var shape = recorded.Shape!;
        var model = shape.Model ?? recorded.Model;
        if (given.HasFlag(ReplayGiven.Model) && asked.Model is { } askedModel && model.Length > 0 && model != askedModel)
        {
            return Of("model", null, model, askedModel);
        }

        if (given.HasFlag(ReplayGiven.Instructions) && !shape.Instructions.IsSame(asked.Instructions))
        {
            return Of("instructions", null, shape.Instructions.Words, asked.Instructions.Words);
        }

        return (given.HasFlag(ReplayGiven.Tools) ? Tools(shape, asked) : null) ?? (given.HasFlag(ReplayGiven.Parameters) ? Parameters(shape, asked) : null);
    }

    /// <summary>The recorded request that comes nearest: it begins with the most of the same items, and then differs in the least.</summary>
    public static RecordedRequest? Nearest(IEnumerable<RecordedRequest> recorded, RequestShape asked, ReplayGiven given) => recorded
        .Where(static request => request.Shape is not null)
        .OrderByDescending(request => request.Shape!.InCommon(asked))
        .ThenBy(request => Math.Abs(request.Shape!.Items.Count - asked.Items.Count))
        .ThenBy(request => Given(request, asked, given) is null ? 0 : 1)
        .ThenBy(static request => request.Ordinal)
        .FirstOrDefault();

    private static ReplayDifference? Items(RequestShape recorded, RequestShape asked)
    {
        var at = recorded.InCommon(asked);
        return at == recorded.Items.Count && at == asked.Items.Count
            ? null
            : Of("item", null, recorded.Items.ElementAtOrDefault(at)?.Words, asked.Items.ElementAtOrDefault(at)?.Words) with { Index = at };
    }

    private static ReplayDifference? Tools(RequestShape recorded, RequestShape asked)
    {
        for (var i = 0; i < Math.Max(recorded.Tools.Count, asked.Tools.Count); i++)
        {
            var (was, now) = (recorded.Tools.ElementAtOrDefault(i), asked.Tools.ElementAtOrDefault(i));
            if (was.Key == now.Key && was.Value?.IsSame(now.Value) == true)
            {
                continue;
            }

            // Where the names differ, one of them is more, or less, or stands elsewhere.
            return was.Key == now.Key ? Of("tools", was.Key, was.Value?.Words, now.Value?.Words)
                : now.Key is null || asked.Tools.All(tool => tool.Key != was.Key) && was.Key is not null ? Of("tools", was.Key, was.Value?.Words ?? was.Key, null)
                : was.Key is null || recorded.Tools.All(tool => tool.Key != now.Key) ? Of("tools", now.Key, null, now.Value?.Words ?? now.Key)
                : Of("tools", was.Key, string.Join(", ", recorded.Tools.Select(static tool => tool.Key)), string.Join(", ", asked.Tools.Select(static tool => tool.Key)));
        }

        return null;
    }

    private static ReplayDifference? Parameters(RequestShape recorded, RequestShape asked)
    {
        foreach (var name in recorded.Parameters.Keys.Union(asked.Parameters.Keys).Order(StringComparer.Ordinal))
        {
            var (was, now) = (recorded.Parameters.GetValueOrDefault(name), asked.Parameters.GetValueOrDefault(name));
            if (was != now && !IsMadeUp(name, recorded, now) && !IsMadeUp(name, asked, was))
            {
                return Of("parameters", name, was, now);
            }
        }

        return null;
    }

    private static bool IsMadeUp(string name, RequestShape shape, string? other) => shape.NeedsLimit && other is null && name == "max_tokens";

    private static ReplayDifference Of(string what, string? name, string? recorded, string? asked)
    {
        var (was, now) = Excerpt.Of(recorded, asked);
        return new ReplayDifference { What = what, Name = name, Recorded = was, Asked = now };
    }
}
