namespace RolloutTrace.Cli;

/// <summary>Divides things into batches of a bounded size.</summary>
internal static class SizedBatches
{
    /// <summary>Batches in the order of the things, each within the bound, but for one that holds a single thing larger than that.</summary>
    public static IEnumerable<IReadOnlyList<T>> Of<T>(IEnumerable<T> things, Func<T, int> sizeOf, int maxSize)
    {
        var batch = new List<T>();
        var held = 0;
        foreach (var thing in things)
        {
            var size = sizeOf(thing);
            if (batch.Count > 0 && size > maxSize - held)
            {
                yield return batch;
                batch = [];
                held = 0;
            }

            batch.Add(thing);
            held += size;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}
