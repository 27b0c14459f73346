namespace RolloutTrace.Bundle;

/// <summary>Names of files in archives.</summary>
internal static class ArchiveName
{
    private const int MaxLength = 4096;

    /// <summary>The name with plain slashes and nothing that says nothing; null if it leads out of the archive, or to nothing.</summary>
    public static string? Normal(string name)
    {
        if (name.Length > MaxLength || name.StartsWith('/') || name.Contains('\0'))
        {
            return null;
        }

        if (IsNormal(name))
        {
            return name;
        }

        var segments = name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(static segment => segment != ".").ToList();
        return segments.Count == 0 || segments.Contains("..") ? null : string.Join('/', segments);
    }

    // As the names of payloads are, of which there are thousands.
    private static bool IsNormal(string name)
    {
        foreach (var segment in name.AsSpan().Split('/'))
        {
            if (name.AsSpan(segment) is "" or "." or "..")
            {
                return false;
            }
        }

        return true;
    }
}
