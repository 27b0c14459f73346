using System.Globalization;
using System.Text;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

public sealed class RolloutContextTests
{
    private const string Developer = """{"type":"message","role":"developer","content":[{"type":"input_text","text":"be kind"}]}""";
    private const string User = """{"type":"message","role":"user","content":[{"type":"input_text","text":"hi é"}]}""";
    private const string Assistant = """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"I look"}]}""";
    private const string Reasoning = """{"type":"reasoning","summary":[{"type":"summary_text","text":"think"}]}""";
    private const string Read = """{"type":"function_call","call_id":"c1","name":"read","arguments":"{}"}""";
    private const string ReadOutput = """{"type":"function_call_output","call_id":"c1","output":"0123456789"}""";
    private const string Run = """{"type":"custom_tool_call","call_id":"c2","name":"run","input":"ls"}""";
    private const string RunOutput = """{"type":"custom_tool_call_output","call_id":"c2","output":"a b"}""";
    private const string Summary = """{"type":"message","role":"user","content":[{"type":"input_text","text":"so far: nothing"}]}""";

    public static TheoryData<string> Cases => [.. ConformanceCase.Names];

    [Fact]
    public void The_input_is_told_by_its_origins()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", $$"""{"instructions":"be brief","tools":[{"name":"read"},{"name":"run"}],"input":[{{Developer}},{{User}},{{Reasoning}},{{Assistant}},{{Read}},{{ReadOutput}},{{Run}},{{RunOutput}}]}""")
            .Respond("i1", """{"output_items":[],"token_usage":{"input_tokens":770,"cached_input_tokens":0,"cache_write_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0}}""");

        Print(bundle, "i1").ShouldBe(
        [
            "ToolDefinitions - 2 29 B 290",
            "Instructions - 2 15 B 150",
            "ToolOutput read 1 10 B 100",
            "Assistant - 3 10 B 100",
            "User - 1 5 B 50",
            "Reasoning - 1 5 B 50",
            "ToolOutput run 1 3 B 30",
        ], ignoreOrder: true);
        Print(bundle, "i1")[0].ShouldStartWith("ToolDefinitions");
    }

    [Fact]
    public void Arguments_count_whole_and_an_image_counts_nothing()
    {
        var arguments = new string('x', 5000);
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", $$"""
            {"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"see"},{"type":"input_image","image_url":"data:image/png;base64,{{arguments}}"}]},
             {"type":"function_call","call_id":"c1","name":"read","arguments":"{\"a\":\"{{arguments}}\"}"}]}
            """);

        Print(bundle, "i1").ShouldBe(["Assistant - 1 5008 B ?", "User - 1 3 B ?"]);
    }

    [Fact]
    public void What_a_compaction_kept_is_still_what_it_was_also_after_the_next()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", $$"""{"input":[{{User}},{{Assistant}}]}""");
        Compact(bundle, "k1", $"{User},{Assistant}", $"{User},{Summary}");
        bundle.Request("i2", $$"""{"input":[{{User}},{{Summary}}]}""");
        Compact(bundle, "k2", $"{User},{Summary}", $"{User},{Summary}");
        bundle.Request("i3", $$"""{"input":[{{User}},{{Summary}},{{Assistant}}]}""");

        Print(bundle, "i1").ShouldBe(["Assistant - 1 6 B ?", "User - 1 5 B ?"]);
        Print(bundle, "i2").ShouldBe(["Summary - 1 15 B ?", "User - 1 5 B ?"]);
        Print(bundle, "i3").ShouldBe(["Summary - 1 15 B ?", "Assistant - 1 6 B ?", "User - 1 5 B ?"]);
        Growth(bundle).ShouldBe(["i1 2 11 B", "i2 2 20 B after k1", "i3 3 26 B after k2"]);
    }

    [Fact]
    public void Incremental_requests_grow_by_what_they_add_and_by_the_response()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", $$"""{"instructions":"be brief","input":[{{User}}]}""").Respond("i1", $$"""{"output_items":[{{Read}}]}""", "r1");
        bundle.Request("i2", $$"""{"instructions":"be brief","previous_response_id":"r1","input":[{{ReadOutput}}]}""");

        Growth(bundle).ShouldBe(["i1 1 13 B", "i2 3 25 B"]);
        Print(bundle, "i2").ShouldContain("ToolOutput read 1 10 B ?");
    }

    [Fact]
    public void Of_a_request_of_which_nobody_knows_what_it_showed_the_size_is_not_known()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", $$"""{"input":[{{User}}]}""").Request("i2", """{"input":[],"rollout_trace_error":"too large"}""");
        var rollout = OpenRollout.Open(bundle.Open());

        Growth(bundle).ShouldBe(["i1 1 5 B", "i2 ? not known"]);
        ContextAnswer.OfLast(rollout, rollout.Graph.Threads[TestBundle.Root]).InferenceCallId.ShouldBe("i1");
    }

    [Fact]
    public void The_words_of_every_api_count_the_same()
    {
        var counts = new List<string>();
        foreach (var request in (string[])
        [
            """{"instructions":"be brief","input":"hi"}""",
            """{"messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hi"}]}""",
            """{"system":"be brief","messages":[{"role":"user","content":"hi"}]}""",
            """{"systemInstruction":{"parts":[{"text":"be brief"}]},"contents":[{"role":"user","parts":[{"text":"hi"}]}]}""",
        ])
        {
            using var bundle = new TestBundle().WithTurn().Request("i1", request);
            counts.Add(string.Join("; ", Print(bundle, "i1")));
        }

        counts.Distinct().ShouldBe(["Instructions - 1 8 B ?; User - 1 2 B ?"]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_every_conformance_case_all_items_of_all_requests_are_of_one_origin_and_the_sums_agree(string name)
    {
        var rollout = OpenRollout.Open(BundleReader.Open(ConformanceCase.Named(name).Bundle));
        foreach (var thread in rollout.Graph.Threads.Values)
        {
            foreach (var step in RolloutContext.Growth(rollout, thread.ThreadId).Where(step => step.Bytes is not null))
            {
                var request = rollout.Graph.InferenceCalls[step.InferenceCallId];
                var given = rollout.GivenOf(request);
                var origins = RolloutContext.Origins(rollout, request);

                origins.Sum(origin => origin.Count).ShouldBe(request.RequestItemIds.Count + (given?.Tools.Count ?? 0) + (given?.Instructions is null ? 0 : 1));
                origins.Sum(origin => origin.Bytes).ShouldBe(step.Bytes!.Value);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_every_conformance_case_items_are_as_long_on_the_wire_as_in_the_state(string name)
    {
        var rollout = OpenRollout.Open(BundleReader.Open(ConformanceCase.Named(name).Bundle));
        foreach (var item in rollout.Graph.ConversationItems.Values.Where(item => item.Body.Parts.All(part => part is TextPart or SummaryPart or EncodedPart or CodePart)))
        {
            var said = item.Body.Parts.Sum(part => Encoding.UTF8.GetByteCount(part is EncodedPart encoded ? encoded.Value : ItemText.Of(part)));
            var known = rollout.Contents.FactOf(item.ItemId).Bytes;

            // Of reasoning the state has all that was ever said, and a request often only the encoded part.
            known.ShouldBeInRange(item.Kind == ConversationItemKind.Reasoning ? Math.Min(1, said) : said, said, item.ItemId);
        }
    }

    private static void Compact(TestBundle bundle, string id, string before, string after) => bundle.Append(new CompactionInstalledEvent
    {
        CompactionId = id,
        CheckpointPayload = bundle.Payload(PayloadKind.CompactionCheckpoint, $$"""{"input_history":[{{before}}],"replacement_history":[{{after}}]}"""),
    });

    private static List<string> Print(TestBundle bundle, string request)
    {
        var rollout = OpenRollout.Open(bundle.Open());
        return
        [
            .. RolloutContext.Origins(rollout, rollout.Graph.InferenceCalls[request]).Select(origin => string.Create(
                CultureInfo.InvariantCulture, $"{origin.Origin} {origin.Tool ?? "-"} {origin.Count} {origin.Bytes} B {origin.Tokens?.ToString(CultureInfo.InvariantCulture) ?? "?"}")),
        ];
    }

    private static List<string> Growth(TestBundle bundle) =>
    [
        .. RolloutContext.Growth(OpenRollout.Open(bundle.Open()), TestBundle.Root).Select(step => string.Create(
            CultureInfo.InvariantCulture,
            $"{step.InferenceCallId} {step.Items?.ToString(CultureInfo.InvariantCulture) ?? "?"} {(step.Bytes is { } bytes ? $"{bytes} B" : "not known")}{(step.CompactionIds.Count > 0 ? " after " : "")}{string.Join(", ", step.CompactionIds)}")),
    ];
}
