using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace QuickStart.Tests;

/// <summary>Prints a bundle whole, as it is on disk, with what differs from run to run replaced by names.</summary>
internal static partial class BundlePrinter
{
    public static string Print(string bundle, IReadOnlyList<Activity> spans)
    {
        var text = new StringBuilder();
        text.Append("manifest.json\n    ").Append(Compact(Path.Join(bundle, "manifest.json"))).Append('\n');
        var reader = BundleReader.Open(bundle);
        foreach (var (line, parsed) in File.ReadLines(Path.Join(bundle, reader.Manifest.RawEventLog)).Zip(reader.ReadEvents()))
        {
            text.Append(line).Append('\n');
            foreach (var reference in parsed.Event.ShouldNotBeNull(parsed.Defect?.Text).Payload.PayloadReferences)
            {
                text.Append("    ").Append(Compact(Path.Join(bundle, reference.Path))).Append('\n');
            }
        }

        return Normalise(text.ToString(), spans);
    }

    private static string Compact(string file)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonElement.Parse(File.ReadAllBytes(file)).WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static string Normalise(string text, IReadOnlyList<Activity> spans)
    {
        foreach (var (id, label) in SpanPrinter.Labels(spans))
        {
            text = text.Replace(id.ToHexString(), label, StringComparison.Ordinal);
        }

        var stable = new StableText().With(JsonEncodedText.Encode(Environment.CurrentDirectory).ToString(), "<current directory>");
        text = stable.Replace(text, TraceId(), "trace");
        text = Times().Replace(text, "$1\"<time>\"");
        text = Durations().Replace(text, "$1\"<duration>\"");
        text = ProcessIds().Replace(text, "$1\"<pid>\"");
        text = WriterLock().Replace(text, "$1\"<lock>\"");
        return stable.Of(text);
    }

    [GeneratedRegex("(?<=\"trace_id\":\")[0-9a-f]{32}(?=\")", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TraceId();

    [GeneratedRegex("(?<1>\"(wall_time_unix|started_at_unix|started_at|completed_at|occurred_at)_ms\":)[0-9]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Times();

    [GeneratedRegex("(?<1>\"writer_lock\":)\"[0-9a-f-]{36}\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex WriterLock();

    [GeneratedRegex("(?<1>\"process.pid\":)[0-9]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ProcessIds();

    [GeneratedRegex("(?<1>\"duration\":)\\{[^}]*\\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Durations();
}
