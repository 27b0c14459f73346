using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests;

/// <summary>What runtimes do to a rollout that the format has no word for: it is recorded so that strict readers take it, and nothing is lost.</summary>
public sealed class UsedAgainTests : IDisposable
{
    private const string Child = "019d0000-0000-7000-8000-0000000000c1";
    private const string Hi = """{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}""";

    private readonly RecorderFixture recorder = new();

    public void Dispose() => recorder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_agent_that_is_unloaded_and_loaded_again_is_one_thread_with_all_of_its_turns(bool ended)
    {
        using (var session = recorder.StartSession())
        {
            using (var turn = session.StartTurn())
            {
                foreach (var answer in (string[])["first", "second"])
                {
                    using var spawn = turn.StartToolCall(new() { Name = "spawn_agent", CallId = $"call_{answer}" });
                    var child = session.SpawnAgent("worker", spawn, new() { ThreadId = Child, Message = answer });
                    child.ThreadId.ShouldBe(Child);
                    spawn.Complete(JsonPayload.OfJson("{}"));
                    using (var work = child.StartTurn())
                    {
                        using var request = work.StartModelRequest("m", JsonPayload.OfJson($$"""{"input":[{{Hi}}]}"""));
                        request.Complete(null, default, JsonPayload.OfJson($$"""[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"{{answer}}"}]}]"""));
                        work.Complete();
                        session.ResultReceived(work, answer);
                    }

                    if (ended)
                    {
                        child.Complete();
                    }
                }

                turn.Complete();
            }

            session.Complete();
        }

        var graph = Reduced();

        graph.Threads.Keys.Order(StringComparer.Ordinal).Count().ShouldBe(2);
        graph.CodexTurns.Values.Count(turn => turn.ThreadId == Child).ShouldBe(2);
        graph.InferenceCalls.Values.Count(call => call.ThreadId == Child).ShouldBe(2);
        graph.ConversationItems.Values.Where(item => item.ThreadId == Child && item.Role == ConversationRole.Assistant).Select(ItemText.Of).ShouldBe(["first", "second"]);
        graph.InteractionEdges.Values.ShouldHaveSingleItem().Kind.ShouldBe(InteractionEdgeKind.SpawnAgent);
        graph.ToolCalls.Count.ShouldBe(2);
        BundleReader.Open(recorder.Bundle).ReadEvents().Select(line => line.Event!.Payload).OfType<AgentResultObservedEvent>().Select(result => result.Message).ShouldBe(["first", "second"]);
        Files().ShouldContain("\"second\"", customMessage: "what the second spawn told the agent");
        graph.Threads[Child].Execution.Status.ShouldBe(ended ? ExecutionStatus.Completed : ExecutionStatus.Running);
        ProtocolEvents().ShouldContain(Breadcrumbs.ThreadResumed);
    }

    [Fact]
    public void A_request_on_a_turn_that_has_ended_is_there_with_its_response()
    {
        using (var session = recorder.StartSession())
        {
            var turn = session.StartTurn(new() { TurnId = "t" });
            turn.Complete();
            using (var late = turn.StartModelRequest("m", JsonPayload.OfJson($$"""{"input":[{{Hi}}]}""")))
            {
                late.Complete("r1", new TokenUsage { InputTokens = 5, OutputTokens = 2 }, JsonPayload.OfJson("""[{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"}]"""));
                using var tool = turn.StartToolCall(new() { Name = "f", CallId = "c1", CausedBy = late });
                tool.Complete(JsonPayload.OfJson("""{"type":"function_call_output","call_id":"c1","output":"done"}"""));
            }

            session.Complete();
        }

        var graph = Reduced();

        var request = graph.InferenceCalls.Values.ShouldHaveSingleItem();
        request.Execution.Status.ShouldBe(ExecutionStatus.Completed);
        request.Usage!.InputTokens.ShouldBe(5);
        graph.ToolCalls.Values.ShouldHaveSingleItem().Execution.Status.ShouldBe(ExecutionStatus.Completed);
        graph.CodexTurns["t"].Execution.Status.ShouldBe(ExecutionStatus.Completed);
        graph.ConversationItems.Values.Select(item => item.Kind).ShouldBe([ConversationItemKind.Message, ConversationItemKind.FunctionCall]);
    }

    [Fact]
    public void Half_a_surrogate_pair_costs_that_character_alone()
    {
        using (var session = recorder.StartSession())
        {
            using (var turn = session.StartTurn())
            {
                using var request = turn.StartModelRequest("m", JsonPayload.OfJson("""{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"half \ud83d here"}]}]}"""));
                request.Complete(null, default, JsonPayload.OfJson("""[{"type":"function_call","call_id":"c1","name":"f","arguments":"{\"a\":\"\\ud83d\"}"}]"""));
                using (var tool = turn.StartToolCall(new() { Name = "f", CallId = "c1", Arguments = JsonPayload.OfJson("""{"a":"\udc00 \ud83d"}"""), CausedBy = request }))
                {
                    tool.Complete(JsonPayload.OfText("out \ud83d"));
                }

                turn.Complete();
            }

            session.Complete();
        }

        var graph = Reduced();

        graph.ConversationItems.Values.Select(ItemText.Of).First().ShouldBe("half \uFFFD here");
        graph.ToolCalls.Values.Single().ModelVisibleCallItemIds.Count.ShouldBe(1);
        Files().ShouldNotContain("rollout_trace_error");
        Files().Replace("\\uFFFD", "\uFFFD").Replace("\\ufffd", "\uFFFD").ShouldContain("out \uFFFD");
    }

    [Fact]
    public void Code_cells_whose_call_id_is_used_again_lose_nothing()
    {
        using (var session = recorder.StartSession())
        {
            using (var turn = session.StartTurn())
            {
                foreach (var (source, i) in new[] { "one()", "two()", "three()" }.Select((source, i) => (source, i)))
                {
                    using var request = turn.StartModelRequest("m", JsonPayload.OfJson("""{"input":[]}"""));
                    request.Complete($"r{i}", default, JsonPayload.OfJson(i > 0 ? "[]" : $$"""[{"type":"custom_tool_call","call_id":"call_0","name":"exec","input":"{{source}}"}]"""));
                    using var cell = turn.StartCodeCell(new() { CallId = "call_0", Source = source, CausedBy = request });
                    cell.Complete(JsonPayload.OfText($"did {source}"));
                }

                turn.Complete();
            }

            session.Complete();
        }

        // Strict readers take an id once: the later ones are breadcrumbs, with their code and what it gave.
        Reduced().CodeCells.Values.ShouldHaveSingleItem().SourceJs.ShouldBe("one()");
        ProtocolEvents().Count(type => type == "code_cell_started").ShouldBe(2);
        foreach (var source in (string[])["two()", "three()"])
        {
            Files().ShouldContain($"\"source_js\":\"{source}\"");
            Files().ShouldContain($"did {source}");
        }
    }

    [Fact]
    public void Calls_without_ids_are_linked_by_name_when_they_are_recorded_through_handles()
    {
        using (var session = recorder.StartSession())
        {
            using (var turn = session.StartTurn())
            {
                using var request = turn.StartModelRequest("gemini", JsonPayload.OfJson("""{"contents":[{"role":"user","parts":[{"text":"weather?"}]}]}"""));
                request.Complete(null, null, JsonPayload.OfJson("""
                    {"responseId":"g1","candidates":[{"content":{"role":"model","parts":[
                      {"functionCall":{"name":"weather","args":{"city":"Bern"}}},{"functionCall":{"name":"time","args":{}}},{"functionCall":{"name":"weather","args":{"city":"Rome"}}}]}}]}
                    """));
                foreach (var (name, arguments, result) in new[] { ("weather", """{"city":"Bern"}""", "rain"), ("time", "{}", "noon"), ("weather", """{"city":"Rome"}""", "sun") })
                {
                    using var tool = turn.StartToolCall(new() { Name = name, Arguments = JsonPayload.OfJson(arguments), CausedBy = request });
                    tool.Complete(JsonPayload.OfJson($$$$"""{"functionResponse":{"name":"{{{{name}}}}","response":{"result":"{{{{result}}}}"}}}"""));
                }

                using var next = turn.StartModelRequest("gemini", JsonPayload.OfJson("""
                    {"contents":[{"role":"user","parts":[{"text":"weather?"}]},
                      {"role":"model","parts":[{"functionCall":{"name":"weather","args":{"city":"Bern"}}},{"functionCall":{"name":"time","args":{}}},{"functionCall":{"name":"weather","args":{"city":"Rome"}}}]},
                      {"role":"user","parts":[{"functionResponse":{"name":"weather","response":{"result":"rain"}}},{"functionResponse":{"name":"time","response":{"result":"noon"}}},{"functionResponse":{"name":"weather","response":{"result":"sun"}}}]}]}
                    """));
                next.Complete(null, null, JsonPayload.OfJson("""{"candidates":[{"content":{"role":"model","parts":[{"text":"Rain and sun."}]}}]}"""));
                turn.Complete();
            }

            session.Complete();
        }

        var graph = Reduced();

        var calls = graph.ToolCalls.Values.OrderBy(tool => tool.Execution.StartedSeq).ToList();
        calls.Count.ShouldBe(3);
        calls.Select(tool => tool.ModelVisibleCallItemIds.Select(id => ItemText.Of(graph.ConversationItems[id])).SingleOrDefault()).ShouldBe(["{\"city\":\"Bern\"}", "{}", "{\"city\":\"Rome\"}"]);
        calls.Select(tool => tool.ModelVisibleOutputItemIds.Select(id => ItemText.Of(graph.ConversationItems[id])).SingleOrDefault()).ShouldAllBe(text => text != null);
        graph.InferenceCalls.Values.First().ToolCallIdsStartedByResponse.Count.ShouldBe(3);
    }

    private RolloutGraph Reduced()
    {
        recorder.Flush();
        var result = RolloutReducer.Reduce(recorder.Bundle, new ReductionOptions { Strict = true });
        result.Diagnostics.ShouldBeEmpty();
        RolloutInvariants.Check(result.Graph).ShouldBeEmpty();
        TestSupport.TestBundle.ToJson(RolloutReducer.Reduce(recorder.Bundle).Graph).ShouldBe(TestSupport.TestBundle.ToJson(result.Graph));
        return result.Graph;
    }

    private List<string> ProtocolEvents() =>
        [.. BundleReader.Open(recorder.Bundle).ReadEvents().Select(line => line.Event!.Payload).OfType<ProtocolEventObservedEvent>().Select(told => told.EventType)];

    private string Files() => string.Join('\n', Directory.GetFiles(Path.Join(recorder.Bundle, "payloads")).Select(File.ReadAllText));
}
