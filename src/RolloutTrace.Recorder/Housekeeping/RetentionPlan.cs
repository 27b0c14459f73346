namespace RolloutTrace.Recorder.Housekeeping;

/// <summary>Which bundles go so that no more is kept than allowed. Arithmetic only.</summary>
internal static class RetentionPlan
{
    /// <summary>Goes through bundles, oldest first, and gives those away that have to go and may.</summary>
    /// <param name="bundles">All.</param>
    /// <param name="maxBytes">How many bytes may stay; null for any number.</param>
    /// <param name="oldest">What was written to before this goes; null for nothing.</param>
    /// <param name="tryDelete">Deletes one, if it may go.</param>
    /// <returns>How many went, and their bytes.</returns>
    public static (long Bundles, long Bytes) Run(IReadOnlyList<KeptBundle> bundles, long? maxBytes, DateTime? oldest, Func<KeptBundle, bool> tryDelete)
    {
        var total = bundles.Sum(static bundle => bundle.Bytes);
        var (count, bytes) = (0L, 0L);
        foreach (var bundle in bundles.OrderBy(static bundle => bundle.WrittenAt).ThenBy(static bundle => bundle.Path, StringComparer.Ordinal))
        {
            var isTooOld = bundle.WrittenAt < oldest;
            if (!isTooOld && !(total > maxBytes))
            {
                break;
            }

            if (tryDelete(bundle))
            {
                total -= bundle.Bytes;
                (count, bytes) = (count + 1, bytes + bundle.Bytes);
            }
        }

        return (count, bytes);
    }
}
