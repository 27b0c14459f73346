using RolloutTrace.Bundle;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Import.Writing;

namespace RolloutTrace.Import.Claude;

/// <summary>Writes a session: the lines of its threads in their order, and what they tell in the order of time.</summary>
internal sealed class ClaudeRollout(ImportRun run, IReadOnlyList<ClaudeLine> lines, IReadOnlyList<ClaudeThread> threads, LogSpool spool)
{
    private const string Provider = "anthropic";

    private readonly Schedule schedule = new();
    private readonly Dictionary<ClaudeThread, ClaudeThreadWriter> writers = [];

    public void Write()
    {
        var first = lines[0];
        var session = first.SessionId;
        using var bundle = run.CreateBundle(
            new BundleManifest
            {
                TraceId = DerivedId.Of(ClaudeImporter.Format, session),
                RolloutId = session,
                RootThreadId = session,
                StartedAtUnixMs = first.Time,
            },
            first.File);
        if (bundle is null)
        {
            return;
        }

        var rollout = new RolloutWriter(bundle);
        var root = threads.FirstOrDefault(static thread => !thread.IsHelper) ?? new ClaudeThread(session, key: null, spool);
        var own = new ClaudeThreadWriter(root, rollout, schedule, () => RootStart(session), WriterOf);
        writers.Add(root, own);
        foreach (var helper in threads.Where(static thread => thread.IsHelper))
        {
            writers.Add(helper, new ClaudeThreadWriter(helper, rollout, schedule, () => HelperStart(helper, own), WriterOf));
        }

        own.Begin(first.Time);
        foreach (var line in lines)
        {
            writers[line.Thread!].Take(line);
        }

        foreach (var helper in threads.Where(static thread => thread.IsHelper))
        {
            writers[helper].Finish();
        }

        own.Finish();
        schedule.Run();
        if (own.HasEnded)
        {
            rollout.End(lines[^1].Time);
        }

        run.Complete(bundle, ClaudeImporter.Format, first.File);
    }

    private ClaudeThreadWriter WriterOf(ClaudeThread thread) => writers[thread];

    private AgentStart RootStart(string session) => new()
    {
        ThreadId = session,
        Time = lines[0].Time,
        Cwd = lines.Select(static line => line.Cwd).FirstOrDefault(static cwd => cwd is not null),
        Provider = Provider,
        Source = "claude-code",
        Model = ModelOf(lines.Where(static line => line.Thread is { IsHelper: false })),
        Log = lines.Select(static line => line.Version).FirstOrDefault(static version => version is not null) is { } version
            ? [new("cli_version", JsonBuilder.Make(json => json.WriteStringValue(version)))]
            : [],
    };

    private static AgentStart HelperStart(ClaudeThread helper, ClaudeThreadWriter own)
    {
        var cause = helper.Causes.Count > 0 ? helper.Causes[0] : default;
        var parent = cause.Thread is null ? own : own.Other(cause.Thread);
        return new AgentStart
        {
            ThreadId = DerivedId.Of(helper.SessionId, "helper", helper.Key!),
            Time = helper.Lines[0].Time,
            Cwd = helper.Lines[0].Cwd,
            Provider = Provider,
            Model = ModelOf(helper.Lines),
            Parent = parent.Writer,
            ToolCallId = cause.Call is null ? null : parent.Writer!.ToolOf(cause.Call.Use.CallId),
            TaskName = cause.Call?.Task,
            Role = cause.Call?.Role,
        };
    }

    private static string? ModelOf(IEnumerable<ClaudeLine> lines) => lines.Select(static line => line.Model).FirstOrDefault(static model => model is not null);
}
