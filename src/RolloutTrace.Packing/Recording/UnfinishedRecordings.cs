using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>Tells bundles that a recorder should have packed and did not come to.</summary>
internal static class UnfinishedRecordings
{
    /// <summary>
    /// Whether a directory is what is left of a bundle that was packed, or a bundle of a rollout that ended and whose recorder is gone. What names no
    /// recorder was not made by one.
    /// </summary>
    public static bool IsOne(string directory)
    {
        try
        {
            if (new DirectoryInfo(directory).LinkTarget is not null)
            {
                return false;
            }

            if (BundlePacker.IsLeft(directory))
            {
                return true;
            }

            if (!BundleReader.IsBundle(directory))
            {
                return false;
            }

            var bundle = BundleReader.Open(directory);
            return bundle.Manifest.WriterLock is not null
                && bundle.FindWriter() is (BundleWriterState.Gone or BundleWriterState.NoLock)
                && PackableBundle.HasEnded(bundle);
        }
        catch (Exception e) when (e is BundleException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
