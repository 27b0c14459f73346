using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Tests.Wire;

public sealed class ResponsesDialectTests
{
    [Theory]
    [InlineData(
        """{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"},{"type":"input_image","image_url":"data:"}]}""",
        """
        Message role: user content: [{"type":"input_text","text":"hi"},{"type":"input_image","image_url":"data:"}]
          Text value: "hi"
          Reference label: input_image

        """)]
    [InlineData(
        """{"id":"msg_1","type":"message","role":"assistant","phase":"final_answer","content":[{"type":"output_text","annotations":[],"text":"done"}]}""",
        """
        Message role: assistant channel: final content: [{"type":"output_text","annotations":[],"text":"done"}]
          Text value: "done"

        """)]
    [InlineData(
        """{"type":"message","role":"assistant","phase":"commentary","content":[{"type":"refusal","refusal":"no"}]}""",
        """
        Message role: assistant channel: commentary content: [{"type":"refusal","refusal":"no"}]
          TextOrReference label: refusal value: "no"

        """)]
    [InlineData(
        """{"type":"message","role":"developer","content":"short"}""",
        """
        Message role: developer content: "short"
          TextOrReference label: content value: "short"

        """)]
    [InlineData(
        """{"type":"message","role":"user","content":[]}""",
        """
        Message role: user content: []
          Reference label: empty_content

        """)]
    [InlineData(
        """{"type":"message","role":"user","content":[{"type":"input_text","text":7}]}""",
        """
        Message role: user content: [{"type":"input_text","text":7}]
          Text value: 7
          Reference label: empty_content

        """)]
    [InlineData(
        """{"type":"agent_message","author":"/root","recipient":"/root/a","content":[{"type":"input_text","text":"look"},{"type":"encrypted_content","encrypted_content":"gAAA"}]}""",
        """
        AgentMessage author: /root recipient: /root/a content: [{"type":"input_text","text":"look"},{"type":"encrypted_content","encrypted_content":"gAAA"}]
          Text value: "look"
          Encoded label: encrypted_content value: "gAAA"

        """)]
    [InlineData(
        """{"type":"reasoning","id":"rs_1","content":[{"type":"reasoning_text","text":"t"},{"type":"text","text":"u"}],"summary":[{"type":"summary_text","text":"s"}],"encrypted_content":"gAAA"}""",
        """
        Reasoning
          Text value: "t"
          Text value: "u"
          Summary value: "s"
          Encoded label: encrypted_content value: "gAAA"

        """)]
    [InlineData(
        """{"type":"function_call","call_id":"call_1","name":"exec_command","arguments":"{\"cmd\":\"ls\"}"}""",
        """
        FunctionCall call: call_1 name: exec_command content: "{\"cmd\":\"ls\"}"
          Arguments value: "{\"cmd\":\"ls\"}"

        """)]
    [InlineData(
        """{"type":"function_call","call_id":"call_1","name":"f"}""",
        """
        FunctionCall call: call_1 name: f
          Reference label: payload

        """)]
    [InlineData(
        """{"type":"function_call_output","call_id":"call_1","output":"done"}""",
        """
        FunctionCallOutput call: call_1 content: "done"
          Text value: "done"

        """)]
    [InlineData(
        """{"type":"function_call_output","call_id":"call_1","output":[{"type":"input_text","text":"a"}]}""",
        """
        FunctionCallOutput call: call_1 content: [{"type":"input_text","text":"a"}]
          Text value: "a"

        """)]
    [InlineData(
        """{"type":"custom_tool_call_output","call_id":"call_1","output":{"success":true}}""",
        """
        CustomToolCallOutput call: call_1 content: {"success":true}
          Json value: {"success":true}

        """)]
    [InlineData(
        """{"type":"function_call_output","call_id":"call_1"}""",
        """
        FunctionCallOutput call: call_1
          Reference label: tool_output

        """)]
    [InlineData(
        """{"type":"custom_tool_call","call_id":"call_1","name":"exec","input":"text(1)"}""",
        """
        CustomToolCall call: call_1 name: exec content: "text(1)"
          Code label: javascript value: "text(1)"

        """)]
    [InlineData(
        """{"type":"custom_tool_call","call_id":"call_1","name":"apply_patch","input":"*** Begin Patch"}""",
        """
        CustomToolCall call: call_1 name: apply_patch content: "*** Begin Patch"
          Text value: "*** Begin Patch"

        """)]
    [InlineData(
        """{"type":"custom_tool_call","call_id":"call_1","name":"exec","input":{"a":1}}""",
        """
        CustomToolCall call: call_1 name: exec content: {"a":1}
          Item value: the item

        """)]
    [InlineData("""{"type":"web_search_call","id":"ws_1"}""", "BuiltInCall\n  Item value: the item\n")]
    [InlineData("""{"type":"mcp_tool_call_output","call_id":"call_1"}""", "BuiltInCallOutput call: call_1\n  Item value: the item\n")]
    [InlineData("""{"type":"compaction","encrypted_content":"gAAA"}""", "CompactionSummary\n  Encoded label: encrypted_content value: \"gAAA\"\n")]
    [InlineData("""{"type":"additional_tools","tools":[]}""", "ToolDefinitions\n")]
    public void A_sound_entry_is_one_item(string entry, string expected) => Read(entry).ShouldBe(expected.ReplaceLineEndings("\n"));

    [Theory]
    [InlineData("""{"content":[],"role":"user"}""", "a model item in payload p has no string 'type'")]
    [InlineData("""{"type":7,"role":"user"}""", "a model item in payload p has no string 'type'")]
    [InlineData("\"text\"", "a model item in payload p has no string 'type'")]
    [InlineData("""{"type":"hologram"}""", "payload p holds a model item of the unknown type 'hologram'")]
    [InlineData("""{"type":"message","role":"critic","content":[]}""", "a message in payload p has the unknown role 'critic'")]
    [InlineData("""{"type":"message","content":[]}""", "a message in payload p has the unknown role ''")]
    [InlineData("""{"type":"agent_message","author":"a","recipient":"b","content":[]}""", "an agent_message in payload p has no content")]
    [InlineData("""{"type":"agent_message","author":"a","recipient":"b","content":"text"}""", "an agent_message in payload p has no content")]
    [InlineData("""{"type":"agent_message","author":"a","recipient":"b","content":[{"type":"audio"}]}""", "an agent_message in payload p has content of the unknown type 'audio'")]
    [InlineData("""{"type":"agent_message","author":"a","content":[{"type":"input_text","text":"t"}]}""", "a model item in payload p has no string 'recipient'")]
    [InlineData("""{"type":"agent_message","author":"a","recipient":"b","content":[{"type":"input_text"}]}""", "a model item in payload p has no string 'text'")]
    [InlineData("""{"type":"reasoning","summary":[]}""", "a reasoning item in payload p has no content, summary or encrypted_content")]
    [InlineData("""{"type":"reasoning","summary":null}""", "a reasoning item in payload p has a 'summary' that is no list")]
    [InlineData("""{"type":"reasoning","content":"text"}""", "a reasoning item in payload p has a 'content' that is no list")]
    [InlineData("""{"type":"reasoning","content":[{"type":"image","text":"t"}]}""", "a reasoning item in payload p has content of an unknown type")]
    [InlineData("""{"type":"reasoning","summary":[{"type":"text","text":"t"}]}""", "a reasoning item in payload p has a summary of an unknown type")]
    [InlineData("""{"type":"reasoning","encrypted_content":7}""", "a model item in payload p has no string 'encrypted_content'")]
    [InlineData("""{"type":"context_compaction"}""", "a context_compaction item in payload p has no string 'encrypted_content'")]
    [InlineData("""{"type":"message","role":"us\ud800er","content":[]}""", "payload p holds text that is not valid Unicode")]
    [InlineData("""{"type":"function_call","call_id":"\udc00","arguments":"{}"}""", "payload p holds text that is not valid Unicode")]
    public void An_entry_that_cannot_be_read_is_an_item_with_what_is_wrong(string entry, string defect)
    {
        var items = new WireItems();

        Dialects.Default.Read(JsonElement.Parse(entry), items);

        items.Count.ShouldBe(1);
        items[0].Defect!.Describe("p").ShouldBe(defect);
    }

    [Fact]
    public void A_part_that_is_unknown_has_its_defect_and_costs_no_other_part() =>
        Read("""{"type":"reasoning","summary":[{"type":"summary_text","text":"a"},{"type":"sketch","text":"b"},{"type":"summary_text","text":"c"}]}""").ShouldBe(
            """
            Reasoning defect: a reasoning item in payload p has a summary of an unknown type
              Summary value: "a"
              Reference label: sketch value: "b" defect: a reasoning item in payload p has a summary of an unknown type
              Summary value: "c"

            """.ReplaceLineEndings("\n"));

    [Fact]
    public void A_member_is_read_behind_a_name_that_is_not_valid()
    {
        var items = new WireItems();

        // As long as the name that is sought, and equal up to the escape.
        Dialects.Default.Read(JsonElement.Parse("""{"type":"message","role":"user","content":[],"rol\ud800":1}"""), items);

        items[0].Role.ShouldBe("user");
        items[0].Defect!.Kind.ShouldBe(WireDefectKind.InvalidText);
    }

    [Theory]
    [InlineData("""{"role":"user","content":"hi"}""", "Message role: user", true)]
    [InlineData("""{"role":"user","content":[{"type":"input_text","text":"hi"}]}""", "Message role: user", true)]
    [InlineData("\"hi\"", "Message role: user", true)]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"hi"}]}""", "Message role: user", false)]
    [InlineData("""{"role":"tool","tool_call_id":"c","content":"hi"}""", "FunctionCallOutput call: c", false)]
    [InlineData("""{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"hi"}]}""", "FunctionCallOutput call: c", false)]
    [InlineData("""{"type":"tool_use","id":"c","name":"f","input":{}}""", "FunctionCall call: c name: f", false)]
    [InlineData("""{"role":"user","parts":[{"type":"text","content":"hi"}]}""", "Message role: user", false)]
    [InlineData("""{"role":"model","parts":[{"text":"hi"}]}""", "Message role: assistant", false)]
    public void An_entry_of_another_API_is_sound_in_our_list_and_a_short_form_says_that_it_is_one(string entry, string expected, bool isShortForm)
    {
        var items = new WireItems();

        Dialects.Read(JsonElement.Parse(entry), Dialects.Default, items);

        WirePrinter.Print(items).ShouldStartWith(expected);
        (items[0].Defect?.IsShortForm).ShouldBe(isShortForm ? true : null);
    }

    [Theory]
    [InlineData("""{"output_items":[{"type":"additional_tools"}],"response_id":"r1","upstream_request_id":"u1","token_usage":{"input_tokens":5,"cached_input_tokens":-3,"output_tokens":2,"reasoning_output_tokens":1,"cache_write_input_tokens":4}}""", "r1 u1 TokenUsage { InputTokens = 5, OutputTokens = 2, CachedInputTokens = 0, CacheWriteInputTokens = 4, ReasoningOutputTokens = 1 } , items: 1")]
    [InlineData("""{"output_items":[],"token_usage":{"input_tokens":5,"cached_input_tokens":1,"output_tokens":2,"reasoning_output_tokens":0}}""", "  TokenUsage { InputTokens = 5, OutputTokens = 2, CachedInputTokens = 1, CacheWriteInputTokens = 0, ReasoningOutputTokens = 0 } , items: 0")]
    [InlineData("""{"output_items":[],"token_usage":{"input_tokens":5,"output_tokens":2,"reasoning_output_tokens":0}}""", "   , items: 0")]
    [InlineData("""{"output_items":[],"token_usage":{"input_tokens":5,"cached_input_tokens":1.5,"output_tokens":2,"reasoning_output_tokens":0}}""", "   , items: 0")]
    [InlineData("""{"response_id":"r1"}""", "r1   the response in payload p has no list 'output_items', items: 0")]
    [InlineData("""{"output_items":"none"}""", "   the response in payload p has no list 'output_items', items: 0")]
    [InlineData("[]", "   the response in payload p has no list 'output_items', items: 0")]
    public void A_response_says_its_ids_and_tokens_and_has_items(string response, string expected)
    {
        var items = new WireItems();
        var root = JsonElement.Parse(response);

        var said = Dialects.ReadResponse(root, items);

        $"{said.Id} {said.UpstreamRequestId} {said.Usage} {said.Defect?.Describe("p")}, items: {items.Count}".ShouldBe(expected);
    }

    private static string Read(string entry)
    {
        var items = new WireItems();
        Dialects.Default.Read(JsonElement.Parse(entry), items);
        return WirePrinter.Print(items);
    }
}
