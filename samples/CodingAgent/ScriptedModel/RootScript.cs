using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CodingAgent.CodeMode;

namespace CodingAgent.ScriptedModel;

/// <summary>What the root agent's model answers, from the failing test to the reviewed change.</summary>
internal sealed partial class RootScript : Script
{
    public const string FirstTask = "Read slug.sh and test.sh, and say why the test fails.";
    public const string SecondTask = "Review the change in slug.sh.";
    public const string SummaryMark = "So far:";
    public const string Reviewed = "The helper has reviewed the change.";
    public const string Temptation = "I could rewrite slug.sh in awk, which would also";

    private const string Survey =
        """
        text("surveying");
        yield_control();
        foreach (var file in new[] { "slug.sh", "test.sh" })
        {
            var run = await tools.exec_command(new { cmd = $"grep -c '' {file}", yield_time_ms = 30000 });
            text($"{file} has {run["output"].ToString().Trim()} lines");
        }
        """;

    private const string Watch =
        """
        // Tells when slug.sh changes.
        text("watching slug.sh");
        yield_control();
        var file = Path.Join(workspace, "slug.sh");
        var before = File.GetLastWriteTimeUtc(file);
        while (File.GetLastWriteTimeUtc(file) == before)
        {
            await Task.Delay(20, cancelled);
        }
        """;

    private const string Patch =
        """
        *** Begin Patch
        *** Update File: slug.sh
         # Turns a title into a slug: lower case, words joined by single hyphens.
        -printf '%s\n' "$1" | tr ' ' '-'
        +printf '%s\n' "$1" | tr 'A-Z' 'a-z' | tr -cs 'a-z0-9\n' '-' | sed 's/^-//; s/-$//'
        *** End Patch
        """;

    // It reads titles until its input ends, and gives the slugs then.
    private const string Titles = "titles=$(cat); printf '%s\\n' \"$titles\" | while read -r title; do sh ./slug.sh \"$title\"; done";

    public override Answer Next(Conversation c) =>
        c.HasWords(SummaryMark) ? Finish(c)
        : c.HasWords(ScriptedUser.SecondTask) ? Change(c)
        : Understand(c);

    /// <summary>The first turn: what is wrong? It ends with an idea that the user does not like.</summary>
    private static Answer Understand(Conversation c) =>
        (Call(c, "call_test", "exec_command", Command("sh ./test.sh"), Answer.Thinks("test", "First see what fails.")) is { } test ? test with { FailsFirst = true } : null)
        ?? Passed(c, "call_test")
        ?? (c.Helper is { } helper ? Call(c, "call_ask", helper, new() { ["message"] = FirstTask }) : Call(c, "call_spawn", "spawn_agent", new() { ["task_name"] = "reviewer", ["message"] = FirstTask }))
        ?? CallCustom(c, "call_survey", CodeCells.ToolName, Survey)
        ?? Call(c, "call_survey_wait", "wait", new() { ["cell_id"] = "1" })
        ?? (c.Helper is null ? Call(c, "call_helper_wait", "wait_agent", new() { ["target"] = "reviewer" }) : null)
        ?? CallCustom(c, "call_watch", CodeCells.ToolName, Watch)
        ?? Call(c, "call_watch_end", "wait", new() { ["cell_id"] = "2", ["terminate"] = true }, Answer.Says("watch_end", "Watching is of no use while nobody changes it."))
        ?? new Answer("temptation", Answer.Says("cause", "slug.sh keeps capitals and doubles hyphens."), Answer.Says("temptation", Temptation)) { Stalls = true };

    /// <summary>The second turn, until the history is compacted; for that it may be too short if the user has interrupted the first.</summary>
    private static Answer Change(Conversation c) =>
        Call(c, "call_style", "style__lookup", new() { ["language"] = "sh" })
        ?? CallCustom(c, "call_patch", "apply_patch", Patch)
        ?? Call(c, "call_titles", "exec_command", new() { ["cmd"] = Titles, ["yield_time_ms"] = 100 })
        ?? Call(c, "call_titles_one", "write_stdin", new() { ["session_id"] = SessionOf(c, "call_titles"), ["chars"] = "Hello World\n", ["yield_time_ms"] = 50 })
        ?? Call(c, "call_titles_two", "write_stdin", new() { ["session_id"] = SessionOf(c, "call_titles"), ["chars"] = "  Two  spaces \n\u0004", ["yield_time_ms"] = 30_000 })
        ?? Finish(c);

    /// <summary>The rest of the second turn.</summary>
    private static Answer Finish(Conversation c) =>
        Call(c, "call_retest", "exec_command", Command("sh ./test.sh"))
        ?? (c.Helper is not { } helper ? Review(c) : c.HasWords(Reviewed) ? null : Call(c, "call_ask_again", helper, new() { ["message"] = SecondTask }))
        ?? Passed(c, "call_retest")
        ?? new Answer("sorry", Answer.Says("sorry", "The test still fails."));

    private static Answer? Review(Conversation c) =>
        (c.HasCall("call_followup") ? null : new Answer(
            "followup",
            Answer.Calls("call_message", "send_message", new() { ["target"] = "reviewer", ["message"] = "It has to stay plain sh." }),
            Answer.Calls("call_followup", "followup_task", new() { ["target"] = "reviewer", ["message"] = SecondTask })))
        ?? Call(c, "call_review_wait", "wait_agent", new() { ["target"] = "reviewer" })
        ?? Call(c, "call_close", "close_agent", new() { ["target"] = "reviewer" });

    private static Answer? Passed(Conversation c, string test) => c.Output(test)?.StartsWith("Process exited with code 0", StringComparison.Ordinal) == true
        ? new Answer($"passed_{test}", Answer.Says($"passed_{test}", "The test passes. slug.sh kept capitals and made a hyphen of each space; now it lowers the title and joins words by single hyphens."))
        : null;

    private static int SessionOf(Conversation c, string call) =>
        c.Output(call) is { } output && Session().Match(output) is { Success: true } match ? int.Parse(match.Value) : 0;

    [GeneratedRegex("(?<=session ID )[0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Session();

    /// <summary>Arguments of a command that is to be waited for, however busy the machine is.</summary>
    public static JsonObject Command(string command) => new() { ["cmd"] = command, ["yield_time_ms"] = 30_000 };
}
