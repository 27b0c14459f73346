using System.Diagnostics;
using System.Text;
using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Tests;

/// <summary>Does things to a bundle that somebody else might do.</summary>
internal static class Tamper
{
    /// <param name="bundle">The bundle's directory.</param>
    /// <param name="what">What to do.</param>
    /// <param name="elsewhere">A directory beside the bundle root, where moved things go; it has an empty directory <c>not-ours</c>.</param>
    public static void With(string bundle, string what, string elsewhere)
    {
        var log = Path.Join(bundle, "trace.jsonl");
        var payloads = Path.Join(bundle, "payloads");
        var manifest = Path.Join(bundle, "manifest.json");
        var moved = Path.Join(elsewhere, Path.GetFileName(bundle));
        switch (what)
        {
            case "truncated to nothing":
                SetLength(log, 0);
                break;
            case "truncated in a line":
                SetLength(log, EndOfLine(log, 9) + 20);
                break;
            case "truncated before a line's end":
                SetLength(log, EndOfLine(log, 10) - 1);
                break;
            case "truncated and blown up with NULs":
                SetLength(log, EndOfLine(log, 10));
                SetLength(log, 1 << 20);
                break;
            case "written anew in place":
                File.WriteAllText(log, File.ReadAllText(log).Replace("\"wall_time_unix_ms\":", "\"wall_time_unix_ms\": ", StringComparison.Ordinal));
                break;
            case "edited by renaming":
                Run("sed", "-i", "s/\"a\"/\"b\"/", log);
                break;
            case "replaced by a part of it":
                File.WriteAllLines(log + ".new", File.ReadLines(log).Take(5).ToArray());
                File.Move(log + ".new", log, overwrite: true);
                break;
            case "replaced by a link":
                File.Delete(log);
                File.CreateSymbolicLink(log, Path.Join(elsewhere, "not-ours", "trace.jsonl"));
                break;
            case "replaced by a pipe":
                File.Delete(log);
                Run("mkfifo", log);
                break;
            case "deleted":
                File.Delete(log);
                break;
            case "renamed":
                Directory.CreateDirectory(moved);
                File.Copy(manifest, Path.Join(moved, "manifest.json"));
                File.Move(log, log + ".1");
                File.CreateSymbolicLink(Path.Join(moved, "trace.jsonl"), log + ".1");
                break;
            case "payloads deleted":
                Directory.Delete(payloads, recursive: true);
                break;
            case "payloads deleted and made anew":
                Directory.Delete(payloads, recursive: true);
                Directory.CreateDirectory(payloads);
                break;
            case "payloads replaced by a link":
                Directory.Delete(payloads, recursive: true);
                Directory.CreateSymbolicLink(payloads, Path.Join(elsewhere, "not-ours"));
                break;
            case "bundle deleted":
                Directory.Delete(bundle, recursive: true);
                break;
            case "bundle moved":
                Directory.Move(bundle, moved);
                break;
            case "bundle replaced by a copy":
                Run("cp", "-a", bundle, moved);
                Directory.Delete(bundle, recursive: true);
                Directory.Move(moved, bundle);
                break;
            case "bundle replaced by a link to it":
                Directory.Move(bundle, moved);
                Directory.CreateSymbolicLink(bundle, moved);
                break;
            case "bundle replaced by a link to another directory":
                Directory.Delete(bundle, recursive: true);
                Directory.CreateSymbolicLink(bundle, Path.Join(elsewhere, "not-ours"));
                break;
            case "root moved":
                Directory.Move(Path.GetDirectoryName(bundle)!, Path.Join(elsewhere, "root"));
                break;
            case "text appended":
                File.AppendAllText(log, "somebody was here\n{\"and\":\"here\"}\n");
                break;
            case "half a line appended":
                File.AppendAllText(log, "{\"schema_version\":1,\"seq\":");
                break;
            case "manifest deleted":
                File.Delete(manifest);
                break;
            case "hard link made":
                Run("ln", log, Path.Join(elsewhere, Guid.NewGuid().ToString()));
                break;
            case "state written":
                File.WriteAllText(Path.Join(bundle, "state.json"), "{}");
                break;
            case "directory touched":
                Directory.SetLastWriteTimeUtc(bundle, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(what), what, message: null);
        }
    }

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
}
