using System.Text.RegularExpressions;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

public sealed class RolloutSearchTests
{
    private const string User = """{"type":"message","role":"user","content":[{"type":"input_text","text":"first line\nthe needle\nlast line"}]}""";

    [Fact]
    public void An_item_is_searched_once_however_often_it_was_sent()
    {
        using var bundle = Sent(times: 3);

        Find(bundle, "needle").ShouldBe(["conversation_item:1 text:2 the needle"]);
    }

    [Fact]
    public void A_tools_input_and_result_are_searched_in_its_payloads()
    {
        using var bundle = Sent(times: 1);
        bundle.Append(new ToolCallStartedEvent
        {
            ToolCallId = "t1",
            Requester = ToolRequester.Model,
            Kind = ToolCallKind.ForOther("fetch"),
            Summary = new GenericSummary { Label = "fetch" },
            InvocationPayload = bundle.Payload(PayloadKind.ToolInvocation, """{"tool_name":"fetch","payload":{"type":"function","arguments":"a haystack"}}"""),
        });
        bundle.Append(new ToolCallEndedEvent { ToolCallId = "t1", Status = ExecutionStatus.Completed, ResultPayload = bundle.Payload(PayloadKind.ToolResult, """{"type":"error","error":"no haystack"}""") });

        Find(bundle, "haystack").Select(hit => hit[..hit.IndexOf(':', StringComparison.Ordinal)]).ShouldBe(["t1 payloads/2.json", "t1 payloads/3.json"]);
        Find(bundle, "^fetch$").ShouldBe(["t1 tool:1 fetch"]);
    }

    [Fact]
    public void Breadcrumbs_are_searched_as_they_are()
    {
        using var bundle = Sent(times: 1);
        bundle.Append(new ProtocolEventObservedEvent { EventType = "api_error", EventPayload = bundle.Payload(PayloadKind.ProtocolEvent, """{"message":"overloaded"}""") });

        Find(bundle, "overloaded").ShouldBe(["raw_payload:2 payloads/2.json:1 {\"message\":\"overloaded\"}"]);
    }

    [Fact]
    public void A_payload_that_is_missing_has_nothing_in_it()
    {
        using var bundle = Sent(times: 1);
        bundle.Append(new ToolCallStartedEvent
        {
            ToolCallId = "t1",
            Requester = ToolRequester.Model,
            Kind = ToolCallKind.ForOther("fetch"),
            Summary = new GenericSummary { Label = "fetch" },
            InvocationPayload = PayloadReference.ForNumber(99, PayloadKind.ToolInvocation),
        });

        Find(bundle, "haystack").ShouldBeEmpty();
    }

    [Fact]
    public void A_long_line_is_shown_around_the_match()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", $$"""{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"{{new string('a', 500)}} needle {{new string('b', 500)}}"}]}]}""");

        Find(bundle, "needle").ShouldBe([$"conversation_item:1 text:1 …{new string('a', 59)} needle {new string('b', 59)}…"]);
    }

    [Fact]
    public void Instructions_and_tools_are_found_at_the_first_request_that_gave_them()
    {
        const string look = """{"name":"look","description":"Finds a needle.\nCarefully.","parameters":{"type":"object"}}""";
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", $$"""{"instructions":"a needle\nhere","tools":[{{look}}],"input":[]}""")
            .Request("i2", $$"""{"instructions":"a needle\nhere","tools":[{{look}}],"input":[]}""")
            .Request("i3", $$"""{"instructions":"no more","tools":[{"name":"needle"},{{look}}],"input":[]}""");

        Find(bundle, "needle")
            .ShouldBe(["i1 instructions:1 a needle", "i1 tool definition:2 Finds a needle.", "i3 tool definition:1 needle"]);
    }

    [Fact]
    public void A_tool_that_has_no_name_is_found_by_its_definition()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", """{"tools":[{"with":"a needle"}],"input":[]}""");

        Find(bundle, "a needle").Select(hit => hit[..hit.IndexOf(':', StringComparison.Ordinal)]).ShouldBe(["i1 tool definition"]);
    }

    [Fact]
    public void What_an_item_calls_is_found_also_where_no_tool_was_recorded()
    {
        const string Call = """{"type":"function_call","name":"open_valve","arguments":"{}","call_id":"c1"}""";
        using var bundle = new TestBundle().WithTurn().Request("i1", $$"""{"input":[{{Call}},{"type":"function_call_output","call_id":"c1","output":"done"}]}""");

        Find(bundle, "valve").ShouldBe(["conversation_item:1 name:1 open_valve"]);
        bundle.Append(new ToolCallStartedEvent
        {
            ToolCallId = "t1",
            Requester = ToolRequester.Model,
            ModelVisibleCallId = "c1",
            Kind = ToolCallKind.ForOther("open_valve"),
            Summary = new GenericSummary { Label = "open_valve" },
        });
        Find(bundle, "valve").ShouldBe(["t1 tool:1 open_valve"]);
    }

    private static TestBundle Sent(int times)
    {
        var bundle = new TestBundle().WithTurn();
        for (var i = 1; i <= times; i++)
        {
            bundle.Request($"i{i}", $$"""{"input":[{{User}}]}""");
        }

        return bundle;
    }

    private static List<string> Find(TestBundle bundle, string pattern)
    {
        var graph = bundle.Reduce().Graph;
        var regex = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        return [.. RolloutSearch.Find(OpenRollout.Open(bundle.Open()), regex).Select(hit => $"{hit.Id} {hit.Part}:{hit.Line} {hit.Text}")];
    }
}
