namespace RolloutTrace.Import.Tests.Claude;

public sealed class ClaudeCopiesTests
{
    private const string Fork = "0f0f0f0f-1a2f-491e-a543-d75ec1246526";

    [Theory]
    [InlineData(true, "a.jsonl", "b.jsonl")]
    [InlineData(true, "b.jsonl", "a.jsonl")]
    [InlineData(false, "a.jsonl", "b.jsonl")]
    [InlineData(false, "b.jsonl", "a.jsonl")]
    public void A_session_that_took_over_anothers_lines_saw_them_and_asked_only_what_is_new(bool says, string original, string fork)
    {
        using var directory = new ImportDirectory();
        directory.With(original, Original().Lines).With(fork, Forked(says));

        var result = directory.Run();

        result.IsSound.ShouldBeTrue();
        result.Rollouts.Select(static rollout => (rollout.RolloutId, rollout.Requests)).ShouldBe([(ClaudeLog.Session, 2), (Fork, 1)]);
        var forked = new ImportedSession(result.Rollouts[1].Bundle, result);
        forked.Saw(1).ShouldBe(["user: go", "assistant: hi", "user: more", "assistant: yes", "user: else"]);
        forked.Turns.ShouldBe(["Completed: r1"]);
    }

    [Fact]
    public void An_original_that_goes_on_as_well_keeps_what_both_have()
    {
        using var directory = new ImportDirectory();
        directory.With("a.jsonl", Original().Raw(Padding()).User("u9", "on").Says("a9", "m9", "going").Lines).With("b.jsonl", Forked(says: true));

        directory.Run().Rollouts.Select(static rollout => (rollout.RolloutId, rollout.Requests)).ShouldBe([(ClaudeLog.Session, 3), (Fork, 1)]);
    }

    [Fact]
    public void A_copy_whose_original_is_not_there_is_a_session_with_all_it_has()
    {
        using var directory = new ImportDirectory();
        directory.With("b.jsonl", Forked(says: true));

        var session = directory.RunOne();

        session.Requests.Count.ShouldBe(3);
        session.Result.IsSound.ShouldBeTrue();
    }

    private static ClaudeLog Original() => new ClaudeLog().User("u1", "go").Says("a1", "m1", "hi").User("u2", "more").Says("a2", "m2", "yes");

    private static string Padding() => $$"""{"type":"tag","sessionId":"{{ClaudeLog.Session}}"}""";

    private static IEnumerable<string> Forked(bool says)
    {
        foreach (var line in Original().Lines)
        {
            var copied = line.Replace(ClaudeLog.Session, Fork, StringComparison.Ordinal);
            yield return says ? copied.Replace("\"cwd\"", $$"""
                "forkedFrom":{"sessionId":"{{ClaudeLog.Session}}"},"cwd"
                """.Trim(), StringComparison.Ordinal) : copied;
        }

        foreach (var line in new ClaudeLog(Fork, startSecond: 60).User("u3", "else", after: "a2").Says("a3", "m3", "no").Lines)
        {
            yield return line;
        }
    }
}
