using System.Text.Json;
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
        var requests = Requests(from, out var last);
        foreach (var file in Directory.EnumerateFiles(Path.Join(from, BundleLayout.PayloadsDirectoryName)))
        {
            var copy = Path.Join(to, BundleLayout.PayloadsDirectoryName, Path.GetFileName(file));
            if (requests.TryGetValue(Path.GetFileName(file), out var number))
            {
                File.WriteAllBytes(copy, shape.Rewrite(RequestParts.Of(number, File.ReadAllBytes(file), last.GetValueOrDefault(number))));
            }
            else
            {
                File.Copy(file, copy);
            }
        }
    }

    // The names of the files of model requests, which request each is, and what each of them follows.
    private static Dictionary<string, int> Requests(string bundle, out Dictionary<int, LastResponse> last)
    {
        var requests = new Dictionary<string, int>(StringComparer.Ordinal);
        last = [];
        var items = 0;
        foreach (var read in BundleReader.Open(bundle).ReadEvents())
        {
            if (read.Event?.Payload is InferenceStartedEvent started)
            {
                items = RequestParts.Of(requests.Count, File.ReadAllBytes(Path.Join(bundle, started.RequestPayload.Path))).Items.Count;
                requests.Add(Path.GetFileName(started.RequestPayload.Path), requests.Count);
            }
            else if (read.Event?.Payload is InferenceCompletedEvent { ResponseId: { } id } completed)
            {
                using var response = JsonDocument.Parse(File.ReadAllBytes(Path.Join(bundle, completed.ResponsePayload.Path)));
                last.Add(requests.Count, new LastResponse(id, items + response.RootElement.GetProperty("output_items").GetArrayLength()));
            }
        }

        return requests;
    }
}
