using System.Text.RegularExpressions;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

public sealed class RolloutOutlineTests
{
    public static TheoryData<string> Cases => [.. ConformanceCase.Names];

    [Fact]
    public void A_long_chain_of_spawned_agents_goes_on_at_the_top()
    {
        const int Length = 5000;
        using var bundle = new TestBundle().WithTurn();
        for (var i = 1; i <= Length; i++)
        {
            var parent = i == 1 ? TestBundle.Root : $"t{i - 1}";
            bundle.Append(new ThreadStartedEvent
            {
                ThreadId = $"t{i}",
                AgentPath = "/root/a",
                MetadataPayload = bundle.Payload(PayloadKind.SessionMetadata, $$$$$"""{"session_source":{"subagent":{"thread_spawn":{"parent_thread_id":"{{{{{parent}}}}}"}}}}"""),
            });
            bundle.AppendLine($$$$$"""{"schema_version":1,"seq":0,"wall_time_unix_ms":1770000000000,"rollout_id":"r","thread_id":"{{{{{parent}}}}}","codex_turn_id":null,"payload":{"type":"tool_call_started","tool_call_id":"c{{{{{i}}}}}","requester":{"type":"model"},"kind":{"type":"spawn_agent"},"summary":{"type":"generic","label":"spawn_agent"}}}""");
            bundle.Append(new ToolCallRuntimeEndedEvent
            {
                ToolCallId = $"c{i}",
                Status = ExecutionStatus.Completed,
                RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, $$"""{"sender_thread_id":"{{parent}}","new_thread_id":"t{{i}}","prompt":"p"}"""),
            });
        }

        var roots = RolloutOutline.Of(OpenRollout.OfState(bundle.Reduce().Graph));

        roots.Count.ShouldBe((Length + 1 + RolloutOutline.MaxNestedSessions - 1) / RolloutOutline.MaxNestedSessions);
        Flatten(roots).Where(node => node.Kind == OutlineKind.Session).Select(node => node.Id).ShouldBe(Enumerable.Range(1, Length).Select(i => $"t{i}").Prepend(TestBundle.Root), ignoreOrder: true);
    }

    [Fact]
    public void A_compaction_stands_before_the_request_that_first_shows_its_history_even_within_a_millisecond()
    {
        const string Old = """{"type":"message","role":"user","content":[{"type":"input_text","text":"old"}]}""";
        const string New = """{"type":"message","role":"user","content":[{"type":"input_text","text":"new"}]}""";
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", $$"""{"input":[{{Old}}]}""").Respond("i1", """{"output_items":[]}""");
        bundle.Append(new CompactionInstalledEvent
        {
            CompactionId = "k1",
            CheckpointPayload = bundle.Payload(PayloadKind.CompactionCheckpoint, $$"""{"input_history":[{{Old}}],"replacement_history":[{{New}}]}"""),
        });
        bundle.Request("i2", $$"""{"input":[{{New}}]}""").Respond("i2", """{"output_items":[]}""");
        _ = bundle.Open();
        using var atOnce = TestBundle.Copy(bundle.Directory, lines => lines.Select(line => Regex.Replace(line, "\"wall_time_unix_ms\":[0-9]+", "\"wall_time_unix_ms\":1770000000000", RegexOptions.None, TimeSpan.FromSeconds(1))));

        var turn = RolloutOutline.Of(OpenRollout.OfState(atOnce.Reduce().Graph)).Single().Children.Single();

        turn.Children.Select(child => child.Id).ShouldBe(["i1", "k1", "i2"]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Everything_that_ran_stands_in_the_tree_once(string name)
    {
        var graph = RolloutReducer.Reduce(ConformanceCase.Named(name).Bundle).Graph;
        var nodes = Flatten(RolloutOutline.Of(OpenRollout.OfState(graph))).ToLookup(node => node.Kind, node => node.Id);

        nodes[OutlineKind.Session].ShouldBe(graph.Threads.Keys, ignoreOrder: true);
        nodes[OutlineKind.Turn].ShouldBe(graph.CodexTurns.Keys, ignoreOrder: true);
        nodes[OutlineKind.Request].ShouldBe(graph.InferenceCalls.Keys, ignoreOrder: true);
        nodes[OutlineKind.ToolCall].ShouldBe(graph.ToolCalls.Keys, ignoreOrder: true);
        nodes[OutlineKind.CodeCell].ShouldBe(graph.CodeCells.Keys, ignoreOrder: true);
        nodes[OutlineKind.TerminalOperation].ShouldBe(graph.TerminalOperations.Keys, ignoreOrder: true);
        nodes[OutlineKind.CompactionRequest].ShouldBe(graph.CompactionRequests.Keys, ignoreOrder: true);
        nodes[OutlineKind.Compaction].ShouldBe(graph.Compactions.Keys.Union(graph.CompactionRequests.Values.Select(request => request.CompactionId)), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_belongs_to_something_stands_below_it_in_causal_order(string name)
    {
        var graph = RolloutReducer.Reduce(ConformanceCase.Named(name).Bundle).Graph;
        foreach (var node in Flatten(RolloutOutline.Of(OpenRollout.OfState(graph))))
        {
            node.Children.Select(child => child.StartedSeq).ShouldBeInOrder(SortDirection.Ascending);
            foreach (var child in node.Children)
            {
                Belongs(graph, node, child).ShouldBeTrue($"{child.Kind} {child.Id} below {node.Kind} {node.Id}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_turn_has_the_tokens_of_its_requests(string name)
    {
        var graph = RolloutReducer.Reduce(ConformanceCase.Named(name).Bundle).Graph;
        foreach (var turn in Flatten(RolloutOutline.Of(OpenRollout.OfState(graph))).Where(node => node.Kind == OutlineKind.Turn))
        {
            var used = graph.InferenceCalls.Values.Where(call => call.CodexTurnId == turn.Id).Select(call => call.Usage).OfType<RecordedTokenUsage>().ToList();

            turn.Usage?.InputTokens.ShouldBe(used.Sum(usage => usage.InputTokens));
            turn.Usage?.OutputTokens.ShouldBe(used.Sum(usage => usage.OutputTokens));
            (turn.Usage is null).ShouldBe(used.Count == 0);
        }
    }

    private static bool Belongs(RolloutGraph graph, OutlineNode parent, OutlineNode child) => (parent.Kind, child.Kind) switch
    {
        (OutlineKind.Session, OutlineKind.Turn) => graph.CodexTurns[child.Id].ThreadId == parent.Id,
        (OutlineKind.Session, OutlineKind.ToolCall) => graph.ToolCalls[child.Id] is var tool && tool.ThreadId == parent.Id && tool.StartedByCodexTurnId is null,
        (OutlineKind.Turn, OutlineKind.Request) => graph.InferenceCalls[child.Id].CodexTurnId == parent.Id,
        (OutlineKind.Turn, OutlineKind.ToolCall) => graph.ToolCalls[child.Id].StartedByCodexTurnId == parent.Id && !AskedFor(graph, child.Id),
        (OutlineKind.Turn, OutlineKind.CodeCell) => graph.CodeCells[child.Id].CodexTurnId == parent.Id,
        (OutlineKind.Turn, OutlineKind.Compaction) => true,
        (OutlineKind.Request, OutlineKind.ToolCall) =>
            graph.InferenceCalls[parent.Id] is var call
            && (call.ToolCallIdsStartedByResponse.Contains(child.Id) || call.ResponseItemIds.Any(graph.ToolCalls[child.Id].ModelVisibleCallItemIds.Contains)),
        (OutlineKind.Request, OutlineKind.CodeCell) => graph.InferenceCalls[parent.Id].ResponseItemIds.Contains(graph.CodeCells[child.Id].SourceItemId),
        (OutlineKind.CodeCell, OutlineKind.ToolCall) => graph.CodeCells[parent.Id].NestedToolCallIds.Contains(child.Id),
        (OutlineKind.ToolCall, OutlineKind.TerminalOperation) => graph.TerminalOperations[child.Id].ToolCallId == parent.Id,
        (OutlineKind.ToolCall, OutlineKind.Session) =>
            graph.Threads[child.Id].Origin is SpawnedOrigin origin && graph.InteractionEdges[origin.SpawnEdgeId].Source is ToolCallAnchor source && source.ToolCallId == parent.Id,
        (OutlineKind.Compaction, OutlineKind.CompactionRequest) => graph.CompactionRequests[child.Id].CompactionId == parent.Id,
        _ => false,
    };

    private static bool AskedFor(RolloutGraph graph, string toolCallId) => graph.InferenceCalls.Values.Any(call =>
        call.ToolCallIdsStartedByResponse.Contains(toolCallId) || call.ResponseItemIds.Any(graph.ToolCalls[toolCallId].ModelVisibleCallItemIds.Contains));

    private static IEnumerable<OutlineNode> Flatten(IEnumerable<OutlineNode> nodes) => nodes.SelectMany(node => Flatten(node.Children).Prepend(node));
}
