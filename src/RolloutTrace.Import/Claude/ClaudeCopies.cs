namespace RolloutTrace.Import.Claude;

/// <summary>
/// A session that goes on from another one, or was forked from it, has the other's lines as its own. Where both are there, such lines are
/// of the session that they come from: what was asked there was asked once.
/// </summary>
internal static class ClaudeCopies
{
    /// <summary>Gives each line that several sessions have to the one that it comes from.</summary>
    public static void Return(IReadOnlyList<ClaudeLine> lines)
    {
        var sessions = new Dictionary<string, string>(StringComparer.Ordinal);
        var isShared = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (line.Uuid is not null && !sessions.TryAdd(line.Uuid, line.SessionId) && sessions[line.Uuid] != line.SessionId)
            {
                isShared.Add(line.Uuid);
            }
        }

        if (isShared.Count == 0)
        {
            return;
        }

        // A session went on by itself before another one was made of it, or never did.
        var ranks = lines
            .Where(line => line.Uuid is not null && !isShared.Contains(line.Uuid) && line.Kind != ClaudeLineKind.Aside)
            .GroupBy(static line => line.SessionId, StringComparer.Ordinal)
            .ToDictionary(static session => session.Key, static session => session.Min(static line => line.Time), StringComparer.Ordinal);
        var origins = lines
            .Where(line => line.Uuid is not null && isShared.Contains(line.Uuid))
            .GroupBy(static line => line.Uuid!, StringComparer.Ordinal)
            .ToDictionary(
                static copies => copies.Key,
                copies => copies.OrderBy(static line => line.IsCopy).ThenBy(line => ranks.GetValueOrDefault(line.SessionId, -1)).ThenBy(static line => line.SessionId, StringComparer.Ordinal).First().SessionId,
                StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (line.Uuid is not null && origins.TryGetValue(line.Uuid, out var origin))
            {
                line.SessionId = origin;
            }
        }
    }
}
