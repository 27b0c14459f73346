using System.Text;
using System.Text.Json.Nodes;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

public sealed class RequestGivenTests
{
    private const string Item = """{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}""";

    public static TheoryData<string> Cases => [.. ConformanceCase.Names];

    [Fact]
    public void What_requests_of_every_api_gave_is_told_in_the_same_words()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("responses", $$$"""
            {"model":"m","instructions":"Be brief: é","input":[{{{Item}}}],"temperature":0.2,
             "tools":[{"type":"function","name":"look","description":"Looks.","parameters":{"type":"object"}},{"type":"web_search"}]}
            """);
        bundle.Request("chat", """
            {"messages":[{"role":"system","content":"Be brief"},{"role":"user","content":"hi"}],"tool_choice":"auto",
             "tools":[{"type":"function","function":{"name":"look","description":"Looks.","parameters":{"type":"object"}}}]}
            """);
        bundle.Request("messages", """
            {"system":[{"type":"text","text":"Be brief"},{"type":"text","text":"and kind"}],"messages":[{"role":"user","content":"hi"}],"max_tokens":9,
             "tools":[{"name":"look","description":"Looks.","input_schema":{"type":"object"}}]}
            """);
        bundle.Request("gemini", """
            {"systemInstruction":{"parts":[{"text":"Be brief"}]},"contents":[{"role":"user","parts":[{"text":"hi"}]}],
             "tools":[{"functionDeclarations":[{"name":"look","description":"Looks."},{"name":"go"}]}],"generationConfig":{"temperature":1}}
            """);
        var rollout = OpenRollout.Open(bundle.Open());

        Snapshot.Match(Print(rollout));
    }

    [Fact]
    public void A_request_whose_payload_cannot_be_read_gave_nobody_knows_what()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("sound", $$"""{"instructions":"a","input":[{{Item}}]}""");
        bundle.Request("replaced", """{"instructions":"b","input":[],"rollout_trace_error":"too large"}""");
        bundle.Request("torn", """{"instructions":"c","input":""");
        bundle.Request("of no dialect", """{"instructions":"d","prompt":"hi"}""");
        bundle.Request("after", $$"""{"instructions":"e","input":[{{Item}}]}""");
        var rollout = OpenRollout.Open(bundle.Open());

        Print(rollout).ShouldBe(
            """
            sound: instructions "a" (1 B)
            replaced: not known
            torn: not known
            of no dialect: not known
            after: instructions "e" (1 B)
              since sound: instructions at 0: "a" -> "e"

            """.ReplaceLineEndings("\n"));
    }

    // What stands around a history as it stood around the one before is not read again.
    [Fact]
    public void What_changes_before_or_behind_the_list_is_told_and_what_changes_in_it_is_not()
    {
        string[] requests =
        [
            $$"""{"instructions":"a","input":[{{Item}}],"temperature":1}""",
            $$"""{"instructions":"a","input":[{{Item}},{{Item}}],"temperature":1}""",
            $$"""{"instructions":"b","input":[{{Item}},{{Item}}],"temperature":1}""",
            $$"""{"instructions":"b","input":[{{Item}},{{Item}},{{Item}}],"temperature":2}""",
            """{"instructions":"b","input":"hi","temperature":2}""",
            $$"""{"instructions":"b","input":[{{Item}}],"temperature":2,"input":"hi"}""",
            $$"""{"temperature":2,"input":[{{Item}}],"instructions":"b"}""",
        ];
        using var bundle = new TestBundle().WithTurn();
        for (var i = 0; i < requests.Length; i++)
        {
            bundle.Request($"i{i}", requests[i]).Respond($"i{i}", """{"output_items":[]}""");
        }

        Print(OpenRollout.Open(bundle.Open())).ShouldBe(
            """
            i0: instructions "a" (1 B)
              temperature: 1
            i1: instructions "a" (1 B)
              temperature: 1
            i2: instructions "b" (1 B)
              temperature: 1
              since i1: instructions at 0: "a" -> "b"
            i3: instructions "b" (1 B)
              temperature: 2
              since i2: temperature: "1" -> "2"
            i4: instructions "b" (1 B)
              temperature: 2
            i5: instructions "b" (1 B)
              temperature: 2
            i6: instructions "b" (1 B)
              temperature: 2

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void A_byte_order_mark_before_a_request_hides_nothing()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", "\uFEFF{\"instructions\":\"Be brief\",\"input\":[]}");
        var rollout = OpenRollout.Open(bundle.Open());

        rollout.GivenOf(rollout.Graph.InferenceCalls["i1"]).ShouldNotBeNull().Instructions.ShouldBe("Be brief");
    }

    [Fact]
    public void Of_a_state_alone_it_is_not_known()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", $$"""{"instructions":"a","input":[{{Item}}]}""");

        Print(OpenRollout.OfState(bundle.Reduce().Graph)).ShouldBe("i1: not known\n");
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_name_or_a_text_is_a_character_that_cannot_be_shown()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", """{"instructions":"a\ud83d","input":[],"tools":[{"name":"x","k\udc00":1}]}""");
        bundle.Request("i2", """{"instructions":"a\ud83d!","input":[],"tools":[{"name":"x","k\udc00":2}]}""");

        Print(OpenRollout.Open(bundle.Open())).ShouldContain("instructions at 2: \"a\ufffd\" -> \"a\ufffd!\"; tool x at k\ufffd: \"1\" -> \"2\"");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_request_of_a_conformance_case_has_all_that_its_payload_gives(string name)
    {
        var bundle = BundleReader.Open(ConformanceCase.Named(name).Bundle);
        var rollout = OpenRollout.Open(bundle);
        foreach (var request in rollout.Graph.InferenceCalls.Values)
        {
            if (rollout.GivenOf(request) is not { } given)
            {
                rollout.Facts.UnknownRequests.ContainsKey(request.InferenceCallId).ShouldBeTrue(request.InferenceCallId);
                continue;
            }

            using var bytes = bundle.ReadPayload(rollout.Graph.RawPayloads[request.RawRequestPayloadId]);
            var payload = JsonNode.Parse(bytes.Span)!.AsObject();
            given.Instructions.ShouldBe(payload["instructions"]?.GetValue<string>());
            given.Tools.Count.ShouldBe(payload["tools"]?.AsArray().Count ?? 0);
            given.Parameters.Select(parameter => parameter.Name)
                .ShouldBe(payload.Select(member => member.Key).Except(["instructions", "tools", "input", "previous_response_id"]));
        }
    }

    private static string Print(OpenRollout rollout)
    {
        var text = new StringBuilder();
        foreach (var request in rollout.Graph.InferenceCalls.Values.OrderBy(request => request.Execution.StartedSeq))
        {
            var given = rollout.GivenOf(request);
            text.Append(request.InferenceCallId).Append(": ").Append(given is null ? "not known" : $"instructions {Quoted(given.Instructions)} ({given.InstructionsBytes} B)").Append('\n');
            foreach (var tool in given?.Tools ?? [])
            {
                text.Append($"  tool {tool.Name} ({tool.Bytes} B): {Quoted(tool.Description)} {tool.Schema ?? "-"}\n");
            }

            foreach (var parameter in given?.Parameters ?? [])
            {
                text.Append($"  {parameter.Name}: {parameter.Value}\n");
            }

            if (rollout.GivenChangeOf(request) is { } change)
            {
                text.Append($"  since {change.BeforeInferenceCallId}: {string.Join("; ", Describe(change))}\n");
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> Describe(GivenChange change) =>
    [
        .. change.Instructions is { } instructions ? [$"instructions at {instructions.At}: {Describe(instructions)}"] : Array.Empty<string>(),
        .. change.ToolsAdded.Select(tool => $"tool {tool} added"),
        .. change.ToolsRemoved.Select(tool => $"tool {tool} removed"),
        .. change.ToolsChanged.Select(tool => $"tool {tool.Name} at {tool.Member}: {Describe(tool.Change)}"),
        .. change.AreToolsReordered ? ["another order"] : Array.Empty<string>(),
        .. change.Parameters.Select(parameter => $"{parameter.Name}: {Describe(parameter.Change)}"),
    ];

    private static string Describe(TextChange change) => $"{Quoted(change.Was)} -> {Quoted(change.Is)}";

    private static string Quoted(string? text) => text is null ? "-" : $"\"{text}\"";
}
