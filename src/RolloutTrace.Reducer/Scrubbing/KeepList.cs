namespace RolloutTrace.Reducer.Scrubbing;

/// <summary>The members that a person wants to be left as they are.</summary>
internal sealed class KeepList
{
    private readonly string[][] paths;

    public KeepList(IReadOnlyList<string> keep) => paths = [.. keep.Select(static path => path.Split('.'))];

    /// <summary>Whether the way to a member, from the document's root, ends in one of them.</summary>
    public bool Contains(List<string> way)
    {
        foreach (var path in paths)
        {
            if (path.Length <= way.Count && way.TakeLast(path.Length).SequenceEqual(path, StringComparer.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
