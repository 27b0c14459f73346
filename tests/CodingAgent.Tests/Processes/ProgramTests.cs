using System.Text.RegularExpressions;
using RolloutTrace.Recorder;
using RolloutTrace.TestSupport;

namespace CodingAgent.Tests.Processes;

public sealed partial class ProgramTests
{
    [Fact]
    public async Task The_program_tells_what_its_agents_do_where_the_bundle_is_what_became_of_it_and_what_to_ask()
    {
        using var agent = new AgentProcess();
        (await agent.WaitForExitAsync()).ShouldBe(0, agent.Errors);

        agent.Errors.Trim().ShouldBeEmpty();
        var text = PrintedCommands.Stable(string.Join('\n', ByAgent(agent.Lines)));
        text = new StableText().With(agent.Root, "<root>").With(agent.Home, "<home>").Of(text);
        text = Workspace().Replace(Port().Replace(text, "<port>"), "<workspace>");
        Snapshot.Match(text);
        Directory.GetFileSystemEntries(Path.Join(agent.Home, "tmp"), "coding-agent-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_it_says_to_ask_can_be_asked_as_printed_from_where_the_user_stands()
    {
        using var agent = new AgentProcess();
        (await agent.WaitForExitAsync()).ShouldBe(0, agent.Errors);

        var answers = await PrintedCommands.RunAllAsync(string.Join('\n', agent.Lines), agent.Home);

        answers.Count.ShouldBe(7);
        answers[0].ShouldContain("2 agents");
        answers[4].ShouldContain("grep -c");
        answers[5].ShouldContain("/root/reviewer");
    }

    [Theory]
    [InlineData("process", 3)]
    [InlineData("mcp", 2)]
    public async Task A_helper_in_a_process_of_its_own_is_joined_to_who_asked_it_as_the_program_says(string kind, int agents)
    {
        using var agent = new AgentProcess(["--helper", kind]);
        (await agent.WaitForExitAsync()).ShouldBe(0, agent.Errors);
        agent.Errors.Trim().ShouldBeEmpty();
        Directory.GetDirectories(agent.Root).Length.ShouldBe(agents);

        var answers = await PrintedCommands.RunAllAsync(string.Join('\n', agent.Lines), agent.Home);

        answers[^2].ShouldContain($"{agents} agents");
        answers[^2].ShouldContain("/root/helper");
        answers[^2].ShouldNotContain("stays apart");
        var graph = RolloutTrace.Reducer.RolloutReducer.Reduce(Path.Join(agent.Home, "joined")).Graph;
        graph.InteractionEdges.Values.Where(edge => edge.Source is RolloutTrace.Reducer.ToolCallAnchor)
            .Select(edge => (edge.Kind, graph.ToolCalls[((RolloutTrace.Reducer.ToolCallAnchor)edge.Source).ToolCallId].ModelVisibleCallId)).ShouldBe(
                [(RolloutTrace.Reducer.InteractionEdgeKind.SpawnAgent, "call_ask"), (kind == "mcp" ? RolloutTrace.Reducer.InteractionEdgeKind.AssignAgentTask : RolloutTrace.Reducer.InteractionEdgeKind.SpawnAgent, "call_ask_again")], ignoreOrder: true);
        graph.InteractionEdges.Values.Count(edge => edge.Kind == RolloutTrace.Reducer.InteractionEdgeKind.AgentResult).ShouldBe(2);
    }

    [Fact]
    public async Task With_recording_switched_off_the_agents_do_the_same()
    {
        using var agent = new AgentProcess((RolloutTracingOptions.DisabledVariable, "true"));
        (await agent.WaitForExitAsync()).ShouldBe(0, agent.Errors);

        agent.Lines.ShouldContain(l => l.Contains("The test passes.", StringComparison.Ordinal));
        agent.Lines[^1].ShouldBe("Nothing was recorded: ROLLOUT_TRACE_DISABLED is set.");
        Directory.Exists(agent.Root).ShouldBeFalse();
    }

    [Fact]
    public async Task With_a_key_and_nobody_to_ask_for_a_task_the_usage_is_wrong()
    {
        using var agent = new AgentProcess(("OPENAI_API_KEY", "none"));

        (await agent.WaitForExitAsync()).ShouldBe(64);
        agent.Errors.Trim().ShouldBe("Give the task as an argument.");
    }

    /// <summary>Agents that work at the same time interleave as it comes; each one's own lines keep their order. Code speaks beside its agent.</summary>
    private static IEnumerable<string> ByAgent(IReadOnlyList<string> lines)
    {
        var spoken = lines.Where(l => Speaker().IsMatch(l)).ToList();
        var from = lines.ToList().IndexOf(spoken[0]);
        return
        [
            .. lines.Take(from),
            .. spoken.OrderBy(l => $"{Speaker().Match(l).Groups["agent"]} {Speaker().Match(l).Groups["code"]}", StringComparer.Ordinal),
            .. lines.Skip(from + spoken.Count),
        ];
    }

    [GeneratedRegex("^(?<agent>root|reviewer) +(?<code>from code:)?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Speaker();

    [GeneratedRegex("(?<=127\\.0\\.0\\.1:)[0-9]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Port();

    [GeneratedRegex("coding-agent-(?!process)[A-Za-z0-9]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Workspace();
}
