using RolloutTrace.Bundle;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Import.Writing;

namespace RolloutTrace.Import.Codex;

/// <summary>
/// Writes the rollout of a session, and of those that hang below it. What each says is read line by line, and written in the order of time,
/// so that no more of it waits than one answer and what came with it.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="root">The session.</param>
internal sealed class CodexRollout(ImportRun run, CodexSource root) : IDisposable
{
    private readonly List<CodexSession> sessions = [];
    private ImportedBundle? bundle;
    private RolloutWriter? writer;
    private bool hasEnded;

    /// <summary>Keeps what is said.</summary>
    public LogSpool Spool { get; } = new(run.InMemory);

    /// <summary>Writes the rollout. There is one when a session has begun.</summary>
    public RolloutWriter Writer => writer!;

    /// <summary>What came back of its agents; null where there is only one.</summary>
    public CodexTeam? Team { get; private set; }

    /// <summary>What needs to be known of a log before it is written.</summary>
    public CodexLookAhead Ahead(CodexSource source) => source.LookAhead ??= CodexLookAhead.Of(source, run);

    /// <summary>Reads and writes all of it.</summary>
    public void Write()
    {
        if (root.Helpers.Count > 0)
        {
            WriteTogether();
        }
        else
        {
            Advance(Open(root, queue: null));
        }

        if (hasEnded)
        {
            Writer.End(sessions.Max(static session => session.Time));
        }

        if (bundle is not null && sessions.Exists(static session => !session.IsEmpty))
        {
            run.Complete(bundle, CodexImporter.Format, root.First.Path);
            bundle = null;
        }
    }

    public void Dispose()
    {
        sessions.ForEach(static session => session.Dispose());
        bundle?.Dispose();
        Spool.Close();
    }

    /// <summary>A session begins: the first one's is the rollout.</summary>
    /// <returns>What is known of its thread; null, with a diagnostic, if the rollout cannot be written.</returns>
    public AgentStart? StartOf(CodexSource source, string sessionId, long time)
    {
        if (bundle is not null)
        {
            var parent = (source.Parent is null ? null : SessionOf(source.Parent)?.Thread) ?? sessions[0].Thread!;
            var call = source.Parent is null ? null : Ahead(source.Parent).SpawnOf(source.First);
            return new AgentStart
            {
                ThreadId = sessionId,
                Time = time,
                Parent = parent,
                ToolCallId = call is null ? null : parent.ToolOf(call),
                AgentPath = source.First.AgentPath,
                Nickname = source.First.Nickname,
                Role = source.First.Role,
            };
        }

        bundle = run.CreateBundle(
            new BundleManifest { TraceId = DerivedId.Of(CodexImporter.Format, sessionId), RolloutId = sessionId, RootThreadId = sessionId, StartedAtUnixMs = time },
            source.First.Path);
        if (bundle is null)
        {
            return null;
        }

        writer = new RolloutWriter(bundle);
        Team = root.Helpers.Count > 0 ? new CodexTeam(bundle) : null;
        return new AgentStart { ThreadId = sessionId, Time = time };
    }

    private void WriteTogether()
    {
        var waiting = root.WithHelpers().Skip(1).OrderBy(static helper => helper.First.FirstTime).ToList();
        var open = new List<CodexSession> { Open(root) };
        while (true)
        {
            open.ForEach(Advance);
            open.RemoveAll(static session => session.Queue!.IsEmpty);
            var next = open.MinBy(static session => session.Queue!.Time);
            if (waiting.Find(helper => IsDue(helper, next?.Queue!.Time)) is { } helper)
            {
                waiting.Remove(helper);
                open.Add(Open(helper));
            }
            else if (next is null)
            {
                return;
            }
            else
            {
                next.Queue!.WriteNext();
            }
        }
    }

    // One begins when everything before it is written, and with it the call that spawned it.
    private bool IsDue(CodexSource helper, long? now)
    {
        if (SessionOf(helper.Parent!) is not { } parent)
        {
            return false;
        }

        return now is null || (helper.First.FirstTime <= now && (Ahead(helper.Parent!).SpawnOf(helper.First) is not { } call || parent.Thread?.ToolOf(call) is not null));
    }

    private CodexSession? SessionOf(CodexSource source) => sessions.Find(session => session.Source == source);

    private CodexSession Open(CodexSource source) => Open(source, new QueuedRecording(() => bundle!));

    private CodexSession Open(CodexSource source, QueuedRecording? queue)
    {
        var session = new CodexSession(run, source, this) { Queue = queue };
        sessions.Add(session);
        return session;
    }

    // Reads on until there is something to write, or all of it if that is written at once.
    private void Advance(CodexSession session)
    {
        while (session is { HasEnded: false, Queue: null or { IsEmpty: true } })
        {
            if (!session.Step())
            {
                hasEnded |= session.Finish() && session == sessions[0];
            }
        }
    }
}
