using RolloutTrace.Bundle;

namespace RolloutTrace.Benchmarks.Generation.Shapes;

/// <summary>Copies a generated bundle, with its model requests in another shape. Everything else stays as it is, byte for byte.</summary>
internal static class BundleReshaper
{
    public static void Copy(string from, string to, HistoryShape shape)
    {
        Directory.CreateDirectory(Path.Join(to, BundleLayout.PayloadsDirectoryName));
        File.Copy(Path.Join(from, BundleLayout.ManifestFileName), Path.Join(to, BundleLayout.ManifestFileName));
        File.Copy(Path.Join(from, BundleLayout.EventLogFileName), Path.Join(to, BundleLayout.EventLogFileName));
        var requests = Requests(from);
        foreach (var file in Directory.EnumerateFiles(Path.Join(from, BundleLayout.PayloadsDirectoryName)))
        {
            var copy = Path.Join(to, BundleLayout.PayloadsDirectoryName, Path.GetFileName(file));
            if (requests.TryGetValue(Path.GetFileName(file), out var number))
            {
                File.WriteAllBytes(copy, shape.Rewrite(RequestParts.Of(number, File.ReadAllBytes(file))));
            }
            else
            {
                File.Copy(file, copy);
            }
        }
    }

    // The names of the files of model requests, and which request each is.
    private static Dictionary<string, int> Requests(string bundle)
    {
        var requests = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var read in BundleReader.Open(bundle).ReadEvents())
        {
            if (read.Event?.Payload is InferenceStartedEvent started)
            {
                requests.Add(Path.GetFileName(started.RequestPayload.Path), requests.Count);
            }
        }

        return requests;
    }
}
