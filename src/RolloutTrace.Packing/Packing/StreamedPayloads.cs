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
    /// <exception cref="BundleException">It is damaged.</exception>
    public static IEnumerable<FoundFile> Of(string path, FoundFile file)
    {
        if (file.Length == 0)
        {
            yield break;
        }

        using var reader = new PackedReader(path, isGrowing: true);
        var buffer = new byte[1 << 16];
        while (reader.MoveNext())
        {
            if (reader.Rank.Group != MemberGroup.Payload)
            {
                continue;
            }

            if (!IsWhole(reader, buffer))
            {
                yield break;
            }

            yield return new FoundFile(reader.Name, reader.Rank, reader.Length, file.WrittenAt, IsLink: false) { IsStreamed = true };
        }
    }

    private static bool IsWhole(PackedReader reader, byte[] buffer)
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
    }
}
