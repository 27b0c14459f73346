using System.Diagnostics;
using System.Text;
using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Tests;

/// <summary>Does things to a bundle that somebody else might do.</summary>
internal static class Tamper
{
    private static readonly Dictionary<string, Action<Place>> Ways = new(StringComparer.Ordinal)
    {
        ["truncated to nothing"] = at => SetLength(at.Log, 0),
        ["truncated in a line"] = at => SetLength(at.Log, EndOfLine(at.Log, 9) + 20),
        ["truncated before a line's end"] = at => SetLength(at.Log, EndOfLine(at.Log, 10) - 1),
        ["truncated and blown up with NULs"] = at =>
        {
            SetLength(at.Log, EndOfLine(at.Log, 10));
            SetLength(at.Log, 1 << 20);
        },
        ["written anew in place"] = at => File.WriteAllText(at.Log, File.ReadAllText(at.Log).Replace("\"wall_time_unix_ms\":", "\"wall_time_unix_ms\": ", StringComparison.Ordinal)),
        ["edited by renaming"] = at => Run("sed", "-i", "s/\"a\"/\"b\"/", at.Log),
        ["replaced by a part of it"] = at =>
        {
            File.WriteAllLines(at.Log + ".new", File.ReadLines(at.Log).Take(5).ToArray());
            File.Move(at.Log + ".new", at.Log, overwrite: true);
        },
        ["replaced by a link"] = at =>
        {
            File.Delete(at.Log);
            File.CreateSymbolicLink(at.Log, Path.Join(at.Elsewhere, "not-ours", "trace.jsonl"));
        },
        ["replaced by a pipe"] = at =>
        {
            File.Delete(at.Log);
            Run("mkfifo", at.Log);
        },
        ["deleted"] = at => File.Delete(at.Log),
        ["renamed"] = at =>
        {
            Directory.CreateDirectory(at.Moved);
            File.Copy(at.Manifest, Path.Join(at.Moved, "manifest.json"));
            File.Move(at.Log, at.Log + ".1");
            File.CreateSymbolicLink(Path.Join(at.Moved, "trace.jsonl"), at.Log + ".1");
        },
        ["payloads deleted"] = at => Directory.Delete(at.Payloads, recursive: true),
        ["payloads deleted and made anew"] = at =>
        {
            Directory.Delete(at.Payloads, recursive: true);
            Directory.CreateDirectory(at.Payloads);
        },
        ["payloads replaced by a link"] = at =>
        {
            Directory.Delete(at.Payloads, recursive: true);
            Directory.CreateSymbolicLink(at.Payloads, Path.Join(at.Elsewhere, "not-ours"));
        },
        ["bundle deleted"] = at => Directory.Delete(at.Bundle, recursive: true),
        ["bundle moved"] = at => Directory.Move(at.Bundle, at.Moved),
        ["bundle replaced by a copy"] = at =>
        {
            Run("cp", "-a", at.Bundle, at.Moved);
            Directory.Delete(at.Bundle, recursive: true);
            Directory.Move(at.Moved, at.Bundle);
        },
        ["bundle replaced by a link to it"] = at =>
        {
            Directory.Move(at.Bundle, at.Moved);
            Directory.CreateSymbolicLink(at.Bundle, at.Moved);
        },
        ["bundle replaced by a link to another directory"] = at =>
        {
            Directory.Delete(at.Bundle, recursive: true);
            Directory.CreateSymbolicLink(at.Bundle, Path.Join(at.Elsewhere, "not-ours"));
        },
        ["root moved"] = at => Directory.Move(Path.GetDirectoryName(at.Bundle)!, Path.Join(at.Elsewhere, "root")),
        ["text appended"] = at => File.AppendAllText(at.Log, "somebody was here\n{\"and\":\"here\"}\n"),
        ["half a line appended"] = at => File.AppendAllText(at.Log, "{\"schema_version\":1,\"seq\":"),
        ["manifest deleted"] = at => File.Delete(at.Manifest),
        ["hard link made"] = at => Run("ln", at.Log, Path.Join(at.Elsewhere, Guid.NewGuid().ToString())),
        ["state written"] = at => File.WriteAllText(Path.Join(at.Bundle, "state.json"), "{}"),
        ["directory touched"] = at => Directory.SetLastWriteTimeUtc(at.Bundle, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)),
    };

    /// <param name="bundle">The bundle's directory.</param>
    /// <param name="what">What to do.</param>
    /// <param name="elsewhere">A directory beside the bundle root, where moved things go; it has an empty directory <c>not-ours</c>.</param>
    public static void With(string bundle, string what, string elsewhere) => Ways[what](new Place(bundle, elsewhere));

    /// <summary>The events in the one log in a directory, however deep: lines that are whole events.</summary>
    public static int EventsIn(string directory)
    {
        if (!Directory.Exists(directory) || new DirectoryInfo(directory).LinkTarget is not null)
        {
            return 0;
        }

        var log = Directory.EnumerateFiles(directory, "trace.jsonl", SearchOption.AllDirectories).SingleOrDefault();
        log = log is null ? null : (new FileInfo(log).LinkTarget ?? log);
        return log is null || !File.Exists(log) || IsPipe(log) ? 0 : Count(log);
    }

    private static int Count(string log)
    {
        var copy = Directory.CreateTempSubdirectory("rollout-trace-count-");
        try
        {
            File.Copy(log, Path.Join(copy.FullName, "trace.jsonl"));
            File.WriteAllText(Path.Join(copy.FullName, "manifest.json"), """{"schema_version":1,"trace_id":"t","rollout_id":"r","root_thread_id":"r","started_at_unix_ms":1,"raw_event_log":"trace.jsonl","payloads_dir":"payloads"}""");
            return BundleReader.Open(copy.FullName).ReadEvents().Count(line => line.Event is not null);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private static bool IsPipe(string path) => Run("test", "-p", path) == 0;

    private static long EndOfLine(string log, int line) => File.ReadLines(log).Take(line).Sum(l => Encoding.UTF8.GetByteCount(l) + 1L);

    private static void SetLength(string path, long length)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(length);
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }

    private sealed record Place(string Bundle, string Elsewhere)
    {
        public string Log => Path.Join(Bundle, "trace.jsonl");

        public string Payloads => Path.Join(Bundle, "payloads");

        public string Manifest => Path.Join(Bundle, "manifest.json");

        public string Moved => Path.Join(Elsewhere, Path.GetFileName(Bundle));
    }
}
