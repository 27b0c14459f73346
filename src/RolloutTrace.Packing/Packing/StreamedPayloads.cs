using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>What is in the stream of payloads of a bundle that was packed while it was recorded.</summary>
internal static class StreamedPayloads
{
    /// <summary>The name of the stream's file in the bundle.</summary>
    public const string FileName = BundleLayout.PayloadsDirectoryName + "/" + BundleLayout.PackedPayloadsFileName;

    /// <summary>The payloads that are there whole. What follows behind the last flush of a recorder that was killed is named by nothing.</summary>
    /// <param name="path">The stream's file.</param>
    /// <param name="file">What was found there.</param>
    /// <param name="damaged">Is told of damage, before which it ends then; null for an exception.</param>
    /// <exception cref="BundleException">It is damaged.</exception>
    public static IEnumerable<FoundFile> Of(string path, FoundFile file, Action<BundleException>? damaged = null)
    {
        if (file.Length == 0)
        {
            yield break;
        }

        using var reader = Open(path, damaged);
        var buffer = new byte[1 << 16];
        while (reader is not null && MoveNext(reader, damaged))
        {
            if (reader.Rank.Group != MemberGroup.Payload)
            {
                continue;
            }

            if (!IsWhole(reader, buffer, damaged))
            {
                yield break;
            }

            yield return new FoundFile(reader.Name, reader.Rank, reader.Length, file.WrittenAt, IsLink: false) { IsStreamed = true };
        }
    }

    private static PackedReader? Open(string path, Action<BundleException>? damaged)
    {
        try
        {
            return new PackedReader(path, isGrowing: true);
        }
        catch (BundleException e) when (damaged is not null)
        {
            damaged(e);
            return null;
        }
    }

    private static bool MoveNext(PackedReader reader, Action<BundleException>? damaged)
    {
        try
        {
            return reader.MoveNext();
        }
        catch (BundleException e) when (damaged is not null)
        {
            damaged(e);
            return false;
        }
    }

    private static bool IsWhole(PackedReader reader, byte[] buffer, Action<BundleException>? damaged)
    {
        try
        {
            while (reader.Read(buffer) > 0)
            {
            }

            return true;
        }
        catch (BundleException) when (reader.IsCut)
        {
            return false;
        }
        catch (BundleException e) when (damaged is not null)
        {
            damaged(e);
            return false;
        }
    }
}
