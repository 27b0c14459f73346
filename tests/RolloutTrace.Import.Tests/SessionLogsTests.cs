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
}
