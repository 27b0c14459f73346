using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>Compares a bundle with a packed rollout by reading both.</summary>
internal static class BundleComparison
{
    /// <summary>Compares them.</summary>
    /// <param name="contents">What is in the bundle.</param>
    /// <param name="packed">The packed rollout.</param>
    /// <param name="missing">How many files of the packed rollout are not in the bundle.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>The name of what is in the bundle and not, or not like that, in the packed rollout; null if there is nothing.</returns>
    /// <exception cref="BundleException">The packed rollout is damaged, or a file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public static string? FindDifference(BundleContents contents, string packed, out int missing, CancellationToken cancellation = default)
    {
        missing = 0;
        var next = 0;
        var buffer = new byte[1 << 16];
        var other = new byte[1 << 16];
        using var pass = contents.Begin();
        using var reader = new PackedReader(packed);
        while (reader.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            if (reader.Rank.Group == MemberGroup.Bundle)
            {
                continue;
            }

            // Both are in one order.
            if (next == contents.Entries.Count || contents.Entries[next].Rank > reader.Rank)
            {
                missing += reader.Name.EndsWith('/') ? 0 : 1;
                continue;
            }

            var entry = contents.Entries[next];
            if (entry.Rank < reader.Rank || !IsSame(reader, pass, entry, buffer, other))
            {
                return entry.Name;
            }

            next++;
        }

        return next < contents.Entries.Count ? contents.Entries[next].Name : null;
    }

    /// <summary>Whether the member at which a reader stands is what an entry is.</summary>
    /// <exception cref="BundleException">One of them cannot be read.</exception>
    public static bool IsSame(PackedReader reader, ContentsPass pass, FoundFile entry) => IsSame(reader, pass, entry, new byte[1 << 16], new byte[1 << 16]);

    private static bool IsSame(PackedReader reader, ContentsPass pass, FoundFile entry, byte[] buffer, byte[] other)
    {
        if (entry.IsDirectory || entry.Length != reader.Length)
        {
            return entry.IsDirectory;
        }

        using var file = pass.Open(entry);
        while (reader.Read(buffer) is > 0 and var read)
        {
            if (file.ReadAtLeast(other.AsSpan(0, read), read, throwOnEndOfStream: false) < read || !other.AsSpan(0, read).SequenceEqual(buffer.AsSpan(0, read)))
            {
                return false;
            }
        }

        return file.Read(other) == 0;
    }
}
