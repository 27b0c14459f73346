namespace RolloutTrace.Reducer.Agents;

/// <summary>Puts together what several observations of one edge tell.</summary>
internal static class EdgeTimes
{
    /// <summary>The later of two times, of which either may be unknown.</summary>
    public static long? Later(long? a, long? b) => a is null ? b : b is null ? a : Math.Max(a.Value, b.Value);

    /// <summary>The list followed by those of the others that it does not have.</summary>
    public static IdList Union(this IdList list, IReadOnlyList<string> others)
    {
        foreach (var id in others)
        {
            list = list.Contains(id) ? list : list.Append(id);
        }

        return list;
    }
}
