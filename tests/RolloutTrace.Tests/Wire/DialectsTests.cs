using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Tests.Wire;

public sealed class DialectsTests
{
    [Theory]
    [InlineData("""{"input":[]}""")]
    [InlineData("""{"input":"hello"}""")]
    [InlineData("{}")]
    [InlineData("7")]
    public void A_request_that_no_dialect_claims_is_in_the_default(string request) => Dialects.OfRequest(JsonElement.Parse(request)).Name.ShouldBe("responses");

    [Fact]
    public void A_reader_on_a_name_finds_the_dialect_by_its_member()
    {
        Found("input", static (ref Utf8JsonReader reader) => Dialects.OfRequestList(in reader)).ShouldBe("responses");
        Found("output", static (ref Utf8JsonReader reader) => Dialects.OfRequestList(in reader)).ShouldBeNull();
        Found("token_usage", static (ref Utf8JsonReader reader) => Dialects.OfUsage(in reader)).ShouldBe("responses");
        Found("input", static (ref Utf8JsonReader reader) => Dialects.OfUsage(in reader)).ShouldBeNull();
    }

    [Fact]
    public void Members_of_the_default_are_those_of_the_Responses_API()
    {
        var d = Dialects.Default;

        $"{d.RequestList} {d.PreviousResponse} {d.Instructions} {d.Tools}; {d.ResponseList} {d.ResponseId} {d.UpstreamRequestId} {d.Usage}"
            .ShouldBe("input previous_response_id instructions tools; output_items response_id upstream_request_id token_usage");
    }

    [Theory]
    [InlineData("""{"type":"message","role":"user"}""", true)]
    [InlineData("""{"type":"web_search_call"}""", true)]
    [InlineData("""{"type":"tool_use","id":"t"}""", false)]
    [InlineData("""{"role":"user","parts":[]}""", false)]
    [InlineData("7", false)]
    public void An_entry_is_known_by_its_own_shape(string entry, bool expected) => Dialects.Default.Knows(JsonElement.Parse(entry)).ShouldBe(expected);

    [Theory]
    [InlineData(PayloadKind.InferenceRequest, "input messages contents", "previous_response_id")]
    [InlineData(PayloadKind.InferenceResponse, "output_items output choices content candidates messages", "response_id upstream_request_id token_usage id usage responseId usageMetadata")]
    [InlineData(PayloadKind.CompactionRequest, "", "")]
    [InlineData(PayloadKind.CompactionResponse, "", "")]
    [InlineData(PayloadKind.CompactionCheckpoint, "input_history replacement_history", "")]
    [InlineData(PayloadKind.ToolInvocation, "payload payload.type payload.arguments", "tool_name tool_namespace")]
    [InlineData(PayloadKind.ToolResult, "type error response_item", "")]
    [InlineData(PayloadKind.ToolRuntimeEvent, "command cwd stdout stderr formatted_output prompt interaction_input", "call_id turn_id process_id exit_code event_id occurred_at_ms agent_thread_id agent_path kind sender_thread_id receiver_thread_id new_thread_id model reasoning_effort")]
    [InlineData(PayloadKind.TerminalRuntimeEvent, "", "")]
    [InlineData(PayloadKind.ProtocolEvent, "", "")]
    [InlineData(PayloadKind.SessionMetadata, "", "thread_id agent_path session_source")]
    [InlineData(PayloadKind.AgentResult, "", "")]
    public void What_reduction_needs_of_a_payload(PayloadKind kind, string shape, string ids)
    {
        string.Join(' ', PayloadMembers.Shape(kind).Select(static path => string.Join('.', path))).ShouldBe(shape);
        string.Join(' ', PayloadMembers.Ids(kind)).ShouldBe(ids);
    }

    private delegate Dialect? Finder(ref Utf8JsonReader reader);

    private static string? Found(string member, Finder find)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($$"""{"{{member}}":0}"""));
        reader.Read();
        reader.Read();
        return find(ref reader)?.Name;
    }
}
