namespace RolloutTrace.Cli;

/// <summary>
/// Tells directories that are being filled beside their place, as <c>unpack</c>, <c>import</c> and <c>redact</c> do it, or that a recorder is deleting: they hold all of a
/// bundle for a moment, and for good where whoever did it was killed. They are no rollout beside the one whose copy, or rest, they are.
/// </summary>
internal static class UnfinishedName
{
    private const int IdLength = 32;

    /// <summary>Whether a path ends in such a name: <c>.NAME.{id}.tmp</c>, or <c>.trace-….removed</c>.</summary>
    public static bool Is(string path)
    {
        var name = Path.GetFileName(path.AsSpan());
        if (name.StartsWith(".trace-") && name.EndsWith(".removed"))
        {
            return true;
        }

        const string Suffix = ".tmp";
        return name.Length > IdLength + Suffix.Length + 1
            && name[0] == '.'
            && name.EndsWith(Suffix)
            && name[^(IdLength + Suffix.Length + 1)] == '.'
            && Guid.TryParseExact(name[^(IdLength + Suffix.Length)..^Suffix.Length], "N", out _);
    }
}
