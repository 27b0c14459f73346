using RolloutTrace.Import.Tests.Claude;
using RolloutTrace.Import.Tests.Codex;

namespace RolloutTrace.Import.Tests;

public sealed class SessionLogsTests
{
    [Fact]
    public void Logs_of_both_tools_are_found_where_these_keep_them_the_newest_session_first()
    {
        using var directory = new ImportDirectory()
            .With(".codex/sessions/2026/11/20/rollout-x.jsonl", new CodexLog().Meta().User("<environment_context>x</environment_context>").User("Fix the test, please.").Lines)
            .With(".claude/projects/-home-garden/a.jsonl", new ClaudeLog().User("n1", "<system-reminder>x</system-reminder>").User("u1", "Which beds are dry?").Says("a1", "m1", "all").Lines)
            .With(".claude/projects/-home-garden/agent-b.jsonl", new ClaudeLog(agent: "b").User("x1", "Count.").Lines)
            .With(".claude/projects/-home-garden/notes.md", "nothing");

        var logs = SessionLogs.Find(name => name == "HOME" ? directory.Input : null);

        logs.Select(static log => $"{log.Format} {log.SessionId} {log.StartedAtUnixMs} {log.Prompt}").ShouldBe(
        [
            $"claude {ClaudeLog.Session} 1795179600000 Which beds are dry?",
            $"codex {CodexLog.Session} 1795165200000 Fix the test, please.",
        ]);
        logs.ShouldAllBe(static log => new FileInfo(log.Path).Length == log.Bytes);
    }

    [Fact]
    public void Variables_of_the_tools_say_where_else_they_are()
    {
        using var directory = new ImportDirectory().With("cx/sessions/a.jsonl", new CodexLog().Meta().User("go").Lines).With("cl/projects/p/a.jsonl", new ClaudeLog().User("u1", "go").Lines);

        var logs = SessionLogs.Find(name => name switch { "CODEX_HOME" => Path.Join(directory.Input, "cx"), "CLAUDE_CONFIG_DIR" => Path.Join(directory.Input, "cl"), "HOME" => "/nowhere", _ => null });

        logs.Count.ShouldBe(2);
    }

    [Fact]
    public void A_log_whose_beginning_is_long_or_damaged_is_listed_with_what_is_known()
    {
        using var directory = new ImportDirectory().With(".codex/sessions/a.jsonl", ["{\"torn", .. new CodexLog().Meta().User(new string('x', 300_000)).Lines]);

        var log = SessionLogs.Find(name => name == "HOME" ? directory.Input : null).ShouldHaveSingleItem();

        log.SessionId.ShouldBe(CodexLog.Session);
        log.Prompt.ShouldBeNull();
    }

    /// <summary>Also of a helper's helper, of one whose session is not there, and of two that say of each other that they spawned them.</summary>
    [Fact]
    public void A_log_of_an_agent_that_another_spawned_stands_behind_that_ones()
    {
        using var directory = new ImportDirectory()
            .With(".codex/sessions/1.jsonl", Log("old", 1))
            .With(".codex/sessions/2.jsonl", Log("old-helper", 2, by: "old"))
            .With(".codex/sessions/3.jsonl", Log("old-helpers-helper", 3, by: "old-helper"))
            .With(".codex/sessions/4.jsonl", Log("old-second-helper", 4, by: "old"))
            .With(".codex/sessions/5.jsonl", Log("new", 5))
            .With(".codex/sessions/6.jsonl", Log("orphan", 6, by: "gone"))
            .With(".codex/sessions/7.jsonl", Log("one", 7, by: "other"))
            .With(".codex/sessions/8.jsonl", Log("other", 8, by: "one"))
            .With(".codex/sessions/9.jsonl", Log("itself", 9, by: "itself"));

        var logs = SessionLogs.Find(name => name == "HOME" ? directory.Input : null);

        logs.Select(static log => $"{log.SessionId} {log.ParentSessionId}").ShouldBe(
        [
            "orphan gone", "new ", "old ", "old-second-helper old", "old-helper old", "old-helpers-helper old-helper", "itself itself", "other one", "one other",
        ]);

        static string[] Log(string id, int minute, string? by = null)
        {
            var source = by is null ? "\"cli\"" : """{"subagent":{"thread_spawn":{"parent_thread_id":"BY"}}}""".Replace("BY", by, StringComparison.Ordinal);
            return [$$"""{"timestamp":"2026-11-20T09:0{{minute}}:00.000Z","type":"session_meta","payload":{"id":"{{id}}","source":{{source}}""" + "}}"];
        }
    }
}
