using System.Security.Cryptography;
using System.Text;

namespace RolloutTrace.Packing.Tests;

/// <summary>A directory of its own, gone when disposed, with bundles in it.</summary>
internal sealed class PackingDirectory : IDisposable
{
    public const string End = """{"schema_version":1,"seq":1,"wall_time_unix_ms":1770000000001,"rollout_id":"r","thread_id":null,"codex_turn_id":null,"payload":{"type":"rollout_ended","status":"completed"}}""";

    public string Path { get; } = Directory.CreateTempSubdirectory("rollout-trace-packing-").FullName;

    /// <summary>Options for bundles of which nothing tells whether they are still recorded: they were silent for long.</summary>
    public static PackOptions LongAfter { get; } = new() { Time = new ManualTimeProvider(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)) };

    public string Place(string name) => System.IO.Path.Join(Path, name);

    /// <summary>A copy of a bundle, without its state.</summary>
    public string Copy(string bundle, string name = "bundle")
    {
        foreach (var file in Directory.EnumerateFiles(bundle, "*", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Join(Place(name), System.IO.Path.GetRelativePath(bundle, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, File.ReadAllBytes(file));
        }

        return Place(name);
    }

    /// <summary>A bundle with a log of one line and payloads of these texts, numbered from 1.</summary>
    public string Bundle(string name = "bundle", string log = End, string? writerLock = null, params string[] payloads)
    {
        Directory.CreateDirectory(Place($"{name}/payloads"));
        var locked = writerLock is null ? "" : $",\"writer_lock\":\"{writerLock}\"";
        File.WriteAllText(Place($"{name}/manifest.json"), $$"""{"schema_version":1,"trace_id":"t","rollout_id":"r","root_thread_id":"r","started_at_unix_ms":1770000000000,"raw_event_log":"trace.jsonl","payloads_dir":"payloads"{{locked}}}""");
        File.WriteAllText(Place($"{name}/trace.jsonl"), log + "\n");
        for (var i = 0; i < payloads.Length; i++)
        {
            File.WriteAllText(Place($"{name}/payloads/{i + 1}.json"), payloads[i]);
        }

        return Place(name);
    }

    /// <summary>All that is in a directory, as one text: names, kinds and contents.</summary>
    public static string Everything(string directory)
    {
        var text = new StringBuilder();
        foreach (var entry in Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            text.Append(System.IO.Path.GetRelativePath(directory, entry)).Append(": ");
            text.AppendLine(Directory.Exists(entry) ? "directory" : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(entry)).AsSpan(0, 8)));
        }

        return text.ToString();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
