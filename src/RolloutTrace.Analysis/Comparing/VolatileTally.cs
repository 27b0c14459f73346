using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>Counts what differed and was no difference, each place once.</summary>
internal sealed class VolatileTally(RunSide a, RunSide b, IReadOnlyList<string> patterns)
{
    private readonly HashSet<string> counted = new(StringComparer.Ordinal);
    private readonly int[] counts = new int[(int)VolatileKind.Custom + patterns.Count];

    /// <summary>What was counted, in the order of the kinds, and then of the patterns.</summary>
    public IReadOnlyList<VolatileCount> Counts => [.. counts.Index().Where(static entry => entry.Item > 0).Select(entry => new VolatileCount(NameOf(entry.Index, patterns), entry.Item))];

    /// <summary>The word for a kind; of a pattern of the user's the pattern.</summary>
    public static string NameOf(int kind, IReadOnlyList<string> patterns) => (VolatileKind)kind switch
    {
        VolatileKind.Id => "id",
        VolatileKind.Time => "time",
        VolatileKind.Duration => "duration",
        VolatileKind.TemporaryName => "temporary_name",
        VolatileKind.Port => "port",
        VolatileKind.Encrypted => "encrypted",
        _ => patterns[kind - (int)VolatileKind.Custom],
    };

    /// <summary>Two items that say the same.</summary>
    public void Items(ConversationItem first, ConversationItem second)
    {
        if (!counted.Add(first.ItemId))
        {
            return;
        }

        if (!string.Equals(first.CallId, second.CallId, StringComparison.Ordinal))
        {
            counts[(int)VolatileKind.Id]++;
        }

        counts[(int)VolatileKind.Encrypted] += first.Body.Parts.OfType<EncodedPart>().Zip(second.Body.Parts.OfType<EncodedPart>()).Count(static pair => pair.First.Value != pair.Second.Value);
        Add(a.TextOf(first), first.FirstSeenAtUnixMs, b.TextOf(second), second.FirstSeenAtUnixMs);
    }

    /// <summary>Two texts that say the same.</summary>
    public void Texts(string? first, long firstMs, string? second, long secondMs)
    {
        if (first is not null && second is not null && counted.Add($"{first}\n{second}"))
        {
            Add(first, firstMs, second, secondMs);
        }
    }

    private void Add(string first, long firstMs, string second, long secondMs)
    {
        if (string.Equals(first, second, StringComparison.Ordinal))
        {
            return;
        }

        foreach (var (was, now) in a.Spans(first, firstMs).Zip(b.Spans(second, secondMs)))
        {
            if (!first.AsSpan(was.Start, was.Length).SequenceEqual(second.AsSpan(now.Start, now.Length)))
            {
                counts[was.Kind]++;
            }
        }
    }
}
