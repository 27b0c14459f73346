using System.Text;
using System.Text.Json.Nodes;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

public sealed class RolloutInvariantsTests
{
    public static TheoryData<string> Cases => [.. ConformanceCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Check_StateOfATolerantReduction_FindsNothing(string name)
    {
        var graph = RolloutReducer.Reduce(ConformanceCase.Named(name).Bundle).Graph;

        Describe(RolloutInvariants.Check(graph)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Check_StateOfTheReferenceReducer_FindsNothing(string name)
    {
        var expected = ConformanceCase.Named(name);
        if (expected.IsRefused)
        {
            return;
        }

        Describe(RolloutInvariants.Check(Load(expected.ExpectedState))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("$.threads", InvariantCodes.WrongId)]
    [InlineData("$.threads.*.execution.ended_seq", InvariantCodes.InconsistentTimes)]
    [InlineData("$.threads.*.conversation_item_ids", InvariantCodes.OneSidedLink)]
    [InlineData("$.conversation_items.*.item_id", InvariantCodes.WrongId)]
    [InlineData("$.conversation_items.*.call_id", InvariantCodes.MalformedItem)]
    [InlineData("$.conversation_items.*.produced_by", InvariantCodes.OneSidedLink)]
    [InlineData("$.inference_calls.*.raw_request_payload_id", InvariantCodes.UnresolvedId)]
    [InlineData("$.inference_calls.*.request_item_ids", InvariantCodes.UnresolvedId)]
    [InlineData("$.inference_calls.*.codex_turn_id", InvariantCodes.UnresolvedId)]
    [InlineData("$.tool_calls.*.thread_id", InvariantCodes.ForeignThread)]
    [InlineData("$.tool_calls.*.terminal_operation_id", InvariantCodes.UnresolvedId)]
    [InlineData("$.tool_calls.*.model_visible_call_id", InvariantCodes.RepeatedId)]
    [InlineData("$.tool_calls.*.model_visible_output_item_ids", InvariantCodes.OneSidedLink)]
    [InlineData("$.code_cells.*.source_item_id", InvariantCodes.UnresolvedId)]
    [InlineData("$.code_cells.*.nested_tool_call_ids", InvariantCodes.OneSidedLink)]
    [InlineData("$.terminal_sessions.*.operation_ids", InvariantCodes.OneSidedLink)]
    [InlineData("$.terminal_operations.*.model_observations", InvariantCodes.OneSidedLink)]
    [InlineData("$.compactions.*.marker_item_id", InvariantCodes.UnresolvedId)]
    [InlineData("$.compactions.*.replacement_item_ids", InvariantCodes.UnresolvedId)]
    [InlineData("$.interaction_edges.*.source", InvariantCodes.UnresolvedId)]
    [InlineData("$.interaction_edges.*.carried_item_ids", InvariantCodes.OneSidedLink)]
    [InlineData("$.raw_payloads", InvariantCodes.UnresolvedId)]
    public void Check_StateDamagedInOnePlace_FindsIt(string place, string code)
    {
        var state = JsonNode.Parse(ConformanceCase.Named("mixed-1001").ExpectedState)!;
        Damage(state, place);

        RolloutInvariants.Check(Load(state.ToJsonString())).Select(violation => violation.Code).ShouldContain(code);
    }

    [Fact]
    public void Check_ACallWithoutAnIdOfItsOwn_HasItemsOfOneCallId()
    {
        var state = JsonNode.Parse(ConformanceCase.Named("mixed-1001").ExpectedState)!;
        var tool = state["tool_calls"]!.AsObject().Select(entry => entry.Value!).First(value =>
            value["model_visible_call_item_ids"]!.AsArray().Count > 0 && value["model_visible_output_item_ids"]!.AsArray().Count > 0);
        tool["model_visible_call_id"] = null;

        Describe(RolloutInvariants.Check(Load(state.ToJsonString()))).ShouldBeEmpty();

        state["conversation_items"]![tool["model_visible_output_item_ids"]![0]!.GetValue<string>()]!["call_id"] = "another";
        RolloutInvariants.Check(Load(state.ToJsonString())).ShouldContain(violation => violation.Code == InvariantCodes.OneSidedLink);
    }

    // Ids become another object's or nobody's, lists lose what they hold, maps lose an entry or file it under another id.
    private static void Damage(JsonNode state, string place)
    {
        var map = state[place.Split('.')[1]]!.AsObject();
        if (place == "$.raw_payloads")
        {
            map.Clear();
            return;
        }

        if (place == "$.threads")
        {
            var (id, thread) = map.First();
            map.Remove(id);
            map.Add("another", thread);
            return;
        }

        var path = place.Split('.')[3..];
        var threads = state["threads"]!.AsObject().Select(entry => entry.Key).ToList();
        string? firstCallId = null;
        foreach (var (_, entry) in map)
        {
            var owner = path.Length == 1 ? entry!.AsObject() : entry![path[0]]!.AsObject();
            var member = path[^1];
            switch (owner[member])
            {
                case JsonArray { Count: > 0 } list when member is "request_item_ids" or "replacement_item_ids":
                    list.Add("nothing");
                    return;
                case JsonArray { Count: > 0 } list:
                    list.Clear();
                    return;
                case JsonObject anchor when member == "source":
                    owner[member] = new JsonObject { ["type"] = "tool_call", ["tool_call_id"] = "nothing" };
                    return;
                case JsonValue value when member == "thread_id" && entry!["requester"]!["type"]!.GetValue<string>() == "model":
                    owner[member] = threads.First(id => id != value.GetValue<string>());
                    return;
                case JsonValue value when member == "model_visible_call_id":
                    firstCallId ??= value.GetValue<string>();
                    if (firstCallId != value.GetValue<string>())
                    {
                        owner[member] = firstCallId;
                        return;
                    }

                    break;
                case JsonValue when member == "ended_seq":
                    owner[member] = null;
                    return;
                case JsonValue or null when member == "call_id" && entry!["kind"]!.GetValue<string>() == "message":
                    owner[member] = "a message has none";
                    return;
                case JsonValue when member is not ("call_id" or "thread_id"):
                    owner[member] = "nothing";
                    return;
            }
        }

        throw new InvalidOperationException($"nothing to damage at {place}");
    }

    private static RolloutGraph Load(string state)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(state));
        return RolloutGraph.Load(stream);
    }

    private static string Describe(IEnumerable<InvariantViolation> violations) =>
        string.Join('\n', violations.Select(violation => $"{violation.Code} {violation.Subject}: {violation.Message}"));
}
