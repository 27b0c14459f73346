using System.Text;
using System.Text.Json;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;
using RolloutTrace.Viewer.Data;

namespace RolloutTrace.Viewer.Tests.Data;

public class ViewDocumentTests
{
    public static TheoryData<string> AllCases => Cases.All;

    [Theory]
    [MemberData(nameof(AllCases))]
    public void Every_request_is_shown_with_the_items_that_it_had_and_no_others(string name)
    {
        var rollout = Cases.Open(name);
        var data = Documents.Of(rollout).Data;

        Histories(data).ShouldBe(rollout.Graph.InferenceCalls.ToDictionary(static call => call.Key, static call => string.Join(' ', call.Value.RequestItemIds)), ignoreOrder: true);
        data.GetProperty("items").GetArrayLength().ShouldBe(rollout.Graph.ConversationItems.Count);
        data.GetProperty("tools").GetArrayLength().ShouldBe(rollout.Graph.ToolCalls.Count);
        data.GetProperty("edges").GetArrayLength().ShouldBe(rollout.Graph.InteractionEdges.Count);
        data.GetProperty("compactions").GetArrayLength().ShouldBe(rollout.Graph.Compactions.Count);
    }

    [Theory]
    [MemberData(nameof(AllCases))]
    public void Every_explanation_is_the_way_over_the_things(string name)
    {
        var rollout = Cases.Open(name);
        var things = Documents.Of(rollout).Data.GetProperty("things").EnumerateArray().ToList();

        foreach (var thing in things)
        {
            var id = thing.GetProperty("id").GetString()!;
            var kind = thing.GetProperty("kind").GetString();
            if (Explanation.Of(rollout, id).FirstOrDefault(explained => explained.Id == id && explained.Kind == kind) is { } explanation)
            {
                Steps(things, thing).ShouldBe(explanation.Steps.Select(static step => step.Text));
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllCases))]
    public void Every_payload_and_line_is_there_as_it_is_in_the_bundle(string name)
    {
        var rollout = Cases.Open(name);
        var evidence = Documents.Of(rollout).Evidence;

        evidence.Lines.Select(static line => line.Text).OfType<string>()
            .ShouldBe(File.ReadAllLines(Path.Join(Cases.Bundle(name), "trace.jsonl")).Select(static line => line.Trim()).Where(static line => line.Length > 0));
        evidence.Lines.Select(static line => line.Seq).ShouldBe(rollout.Bundle!.ReadEvents().Select(static line => line.Event?.Seq));
        foreach (var payload in rollout.Graph.RawPayloads.Values.Where(rollout.Bundle.HasPayload))
        {
            using var bytes = rollout.Bundle.ReadPayload(payload);
            evidence.TextOf(payload.Path).ShouldBe(Encoding.UTF8.GetString(bytes.Span));
        }
    }

    // Of what is held back until all lines are there: all, what stands before a payload in the middle, and nothing but the first payload.
    [Theory]
    [MemberData(nameof(AllCases))]
    public void Evidence_that_is_gathered_while_the_bundle_is_reduced_is_the_same(string name)
    {
        using var apart = new MemoryStream();
        RolloutPage.Write(Cases.Open(name), apart);
        var whole = new RolloutPageOptions();
        foreach (var options in new[] { whole, whole with { MostHeldBack = 1000 }, whole with { MostHeldBack = 0 } })
        {
            var bundle = BundleReader.Open(Cases.Bundle(name));
            using var evidence = new RolloutEvidence(bundle, options);
            using var together = new MemoryStream();

            RolloutPage.Write(OpenRollout.Open(bundle, new OpenRolloutOptions { Observer = evidence }), evidence, together, options);

            together.ToArray().ShouldBe(apart.ToArray());
        }
    }

    // Neither a JSON writer nor a browser takes a text of any length.
    [Fact]
    public void A_text_that_is_too_long_for_a_page_is_cut_between_characters_and_says_so()
    {
        var text = new string('a', ShownText.Most - 1) + "🚀" + new string('b', 1234);

        var shown = ShownText.Of(text);

        shown.ShouldBe(text[..(ShownText.Most - 1)] + "\n[1,236 more characters are in the bundle, and not on this page]");
        ShownText.Of(text[..ShownText.Most]).Length.ShouldBe(ShownText.Most);
    }

    [Fact]
    public void A_payload_that_is_too_long_for_a_page_is_cut_between_characters_and_says_so_and_the_others_are_whole()
    {
        var request = $$"""{"input":[{"type":"message","role":"user","content":"{{new string('é', 3000)}}"}]}""";
        using var bundle = new TestBundle().WithTurn().Request("call-1", """{"input":[]}""").Request("call-2", request).Request("call-3", """{"input":[]}""");
        var whole = Encoding.UTF8.GetBytes(request);
        var start = request.IndexOf('é', StringComparison.Ordinal);

        var evidence = Documents.Of(OpenRollout.Open(bundle.Open()), new RolloutPageOptions { MostOfPayload = start + 2001 }).Evidence;

        evidence.TextOf("payloads/1.json").ShouldBe("""{"input":[]}""");
        evidence.TextOf("payloads/2.json").ShouldBe($"{request[..(start + 1000)]}\n[{whole.Length - start - 2000:#,0} more bytes are in the bundle, and not on this page]");
        evidence.TextOf("payloads/3.json").ShouldBe("""{"input":[]}""");
    }

    [Fact]
    public void Payloads_that_repeat_each_other_are_there_once()
    {
        var history = string.Join(',', Enumerable.Range(1, 300).Select(static i => $$"""{"type":"message","role":"user","content":"Nr. {{i}} 東京 🚀"}"""));
        using var bundle = new TestBundle().WithTurn()
            .Request("call-1", $$"""{"input":[{{history}}],"model":"m"}""")
            .Request("call-2", $$"""{"input":[{{history}},{"type":"message","role":"user","content":"京"}],"model":"m"}""");

        var evidence = Documents.Of(OpenRollout.Open(bundle.Open())).Evidence;

        evidence.OwnOf("payloads/2.json").Length.ShouldBeLessThan(100);
        evidence.TextOf("payloads/2.json").ShouldBe(File.ReadAllText(Path.Join(bundle.Directory, "payloads/2.json")));
    }

    [Fact]
    public void Payloads_that_repeat_each_other_come_together_again_wherever_one_leaves_the_other_and_whatever_is_no_UTF8()
    {
        for (var run = 0; run < Search.Runs(40); run++)
        {
            var seed = (Search.Seed * 1_000_003) + run;
            var random = new Random(seed);
            using var bundle = new TestBundle().WithTurn();
            for (var i = 1; i <= 12; i++)
            {
                bundle.Request($"call-{i}", "{}");
            }

            var reader = bundle.Open();
            var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a é 東京 🚀 ", 200)));
            for (var i = 1; i <= 12; i++)
            {
                // Cut anywhere, within a character too, and gone on with otherwise.
                var cut = random.Next(content.Length + 1);
                byte[] next = [.. content[..cut], .. random.Next(3) switch { 0 => [], 1 => "京🚀é"u8[random.Next(9)..], _ => "new"u8 }, .. content[random.Next(cut, content.Length)..]];
                content = next.Length > 1500 ? next : [.. content, .. next];
                File.WriteAllBytes(Path.Join(bundle.Directory, $"payloads/{i}.json"), content);
            }

            var evidence = Documents.Of(OpenRollout.Open(reader)).Evidence;

            for (var i = 1; i <= 12; i++)
            {
                evidence.TextOf($"payloads/{i}.json").ShouldBe(Encoding.UTF8.GetString(File.ReadAllBytes(Path.Join(bundle.Directory, $"payloads/{i}.json"))), $"seed {seed}, payload {i}");
            }
        }
    }

    [Fact]
    public void Long_arguments_are_there_whole_though_the_state_has_their_beginning()
    {
        var command = new string('x', 5000);
        using var bundle = new TestBundle().WithTurn()
            .Request("call-1", """{"input":"go"}""")
            .Respond("call-1", $$"""{"response_id":"r","output_items":[{"type":"function_call","name":"exec_command","call_id":"c","arguments":"{\"cmd\":\"{{command}}\"}"}]}""");

        var data = Documents.Of(OpenRollout.Open(bundle.Open())).Data;

        var call = data.GetProperty("items").EnumerateArray().Single(static item => item.GetProperty("kind").GetString() == "function_call");
        call.GetProperty("name").GetString().ShouldBe("exec_command");
        call.GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe($$"""{"cmd":"{{command}}"}""");
    }

    [Fact]
    public void An_image_is_there_with_its_bytes_and_what_repeats_it_says_so()
    {
        const string Image = """{"type":"message","role":"user","content":[{"type":"input_text","text":"look"},{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo="}]}""";
        using var bundle = new TestBundle().WithTurn()
            .Request("call-1", $$"""{"input":[{{Image}}]}""")
            .Respond("call-1", """{"response_id":"r","output_items":[]}""")
            .Request("call-2", $$"""{"input":[{{Image}},{"type":"message","role":"user","content":"again"}]}""");

        var data = Documents.Of(OpenRollout.Open(bundle.Open())).Data;

        var items = data.GetProperty("items").EnumerateArray().ToList();
        items[0].GetProperty("parts")[1].GetProperty("json").GetString()!.ShouldContain("data:image/png;base64,iVBORw0KGgo=");
        items.Count(static item => item.TryGetProperty("repeats", out var first) && first.GetInt32() == 0).ShouldBe(1);
        var second = data.GetProperty("requests")[1];
        Documents.Expand(second.GetProperty("new")).Count().ShouldBe(1, "the image that is sent again is not new");
    }

    [Theory]
    [InlineData("mixed-1001")]
    [InlineData("broken-1006")]
    public void Without_content_nothing_that_was_said_is_in_the_page(string name)
    {
        using var bundle = TestBundle.Copy(Cases.Bundle(name), changePayload: static (text, _) => Marked(text), changeLines: static lines => lines.Select(Marked));
        var rollout = OpenRollout.Open(bundle.Open());
        rollout.Graph.ConversationItems.Values.Count(static item => ItemText.Of(item).Contains("S3CRET", StringComparison.Ordinal)).ShouldBeGreaterThan(3);

        var page = Documents.Of(rollout, new RolloutPageOptions { HasContent = false });

        page.Data.GetRawText().ShouldNotContain("S3CRET");
        page.Evidence.Index.ShouldBe("""{"version":1}""");
        page.Evidence.Bytes.Length.ShouldBe(page.Evidence.Index.Length + 4);
        Histories(page.Data).Count.ShouldBe(rollout.Graph.InferenceCalls.Count);
        Documents.Of(rollout).Data.GetRawText().ShouldContain("S3CRET");
    }

    // In whatever is content: texts, arguments, commands, outputs, messages, reasons and errors.
    private static string Marked(string text)
    {
        foreach (var member in new[] { "text", "cmd", "stdout", "stderr", "output", "message", "reason", "error", "instructions", "description", "content", "input", "script", "formatted_output", "display_command", "cwd" })
        {
            text = text.Replace($"\"{member}\":\"", $"\"{member}\":\"S3CRET ", StringComparison.Ordinal).Replace($"\"{member}\": \"", $"\"{member}\": \"S3CRET ", StringComparison.Ordinal);
        }

        return text.Replace("\\\"cmd\\\":\\\"", "\\\"cmd\\\":\\\"S3CRET ", StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Histories(JsonElement data)
    {
        var items = data.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("id").GetString()!).ToList();
        var last = new Dictionary<int, List<int>>();
        var histories = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var request in data.GetProperty("requests").EnumerateArray())
        {
            var thread = request.GetProperty("thread").GetInt32();
            List<int> history = [.. last.GetValueOrDefault(thread, []).Take(request.GetProperty("keep").GetInt32()), .. Documents.Expand(request.GetProperty("items"))];
            last[thread] = history;
            histories.Add(request.GetProperty("id").GetString()!, string.Join(' ', history.Select(i => items[i])));
        }

        return histories;
    }

    private static List<string> Steps(List<JsonElement> things, JsonElement thing)
    {
        var steps = new List<string> { Text(thing) };
        var seen = new HashSet<string>(StringComparer.Ordinal) { thing.GetRawText() };
        for (var at = thing; at.TryGetProperty("how", out var how);)
        {
            if (!at.TryGetProperty("cause", out var cause) || !seen.Add(things[cause.GetInt32()].GetRawText()))
            {
                steps.Insert(0, how.GetString()!);
                break;
            }

            at = things[cause.GetInt32()];
            steps.Insert(0, how.GetString()!.Length > 0 ? $"{Text(at)}: {how.GetString()}" : Text(at));
        }

        if (thing.TryGetProperty("effects", out var effects))
        {
            steps.AddRange(effects.EnumerateArray().Select(effect => effect.GetArrayLength() == 2
                ? effect[1].GetString()!
                : effect[1].GetString() + Text(things[effect[0].GetInt32()]) + effect[2].GetString()));
        }

        return steps;
    }

    private static string Text(JsonElement thing) => thing.GetProperty("text").GetString()!;
}
