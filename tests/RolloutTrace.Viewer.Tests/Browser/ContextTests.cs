using Microsoft.Playwright;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using static Microsoft.Playwright.Assertions;

namespace RolloutTrace.Viewer.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class ContextTests(ChromiumFixture chromium)
{
    [BrowserFact]
    public async Task The_table_says_what_context_says_of_each_request()
    {
        var rollout = chromium.CodingAgent;
        await using var page = await chromium.OpenAsync(rollout, "#/root?panel=context");
        var table = page.Page.GetByRole(AriaRole.Region, new() { Name = "Origins" });
        var requests = rollout.Index.RequestsOfThread(rollout.Graph.RootThreadId);

        for (var i = requests.Count; i > 0; i--)
        {
            await Expect(table.GetByRole(AriaRole.Heading)).ToContainTextAsync($"Request {i} ");
            var shown = await table.Locator("tbody tr").EvaluateAllAsync<string[]>("rows => rows.map(row => [...row.cells].map(cell => cell.textContent).join('|'))");
            shown.Select(static row => row.Split('|')[1]).Sum(int.Parse).ShouldBe(RolloutContext.Origins(rollout, requests[i - 1]).Sum(static origin => origin.Count));
            shown.Select(static row => string.Join('|', row.Split('|')[0], row.Split('|')[1], row.Split('|')[4])).ShouldBe(
                RolloutContext.Origins(rollout, requests[i - 1]).Select(static origin => $"{Name(origin)}|{origin.Count}|{origin.Tokens}"),
                ignoreOrder: true,
                $"request {i}");
            await page.Page.Keyboard.PressAsync("k");
        }
    }

    [BrowserFact]
    public async Task The_chart_is_gone_through_with_the_arrow_keys_and_leads_to_the_request()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#/root?panel=context");
        var chart = page.Page.GetByRole(AriaRole.Slider, new() { Name = "Context, request by request" });

        await Expect(chart).ToHaveAttributeAsync("aria-valuetext", new System.Text.RegularExpressions.Regex("^Request 19 of 19: .* 623 tokens, 605 cached$", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await chart.FocusAsync();
        for (var i = 0; i < 4; i++)
        {
            await page.Page.Keyboard.PressAsync("ArrowLeft");
        }

        await Expect(chart).ToHaveAttributeAsync("aria-valuenow", "15");
        (await chart.GetAttributeAsync("aria-valuetext"))!.ShouldEndWith("after a compaction");
        await page.Page.Keyboard.PressAsync("1");
        await Expect(page.Conversation.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("Request 15 of 19");
    }

    [BrowserFact]
    public async Task A_compaction_says_item_by_item_what_went_what_stayed_and_what_was_written_anew()
    {
        var rollout = chromium.CodingAgent;
        await using var page = await chromium.OpenAsync(rollout, $"#{rollout.Graph.Compactions.Keys.Single()}");

        var compactions = page.Page.GetByRole(AriaRole.Region, new() { Name = "Compactions" });
        await Expect(compactions).ToContainTextAsync("31 items became 4, before request 15");
        await Expect(compactions).ToContainTextAsync("Written anew, the summary: 1 item");
        await Expect(compactions).ToContainTextAsync("Another model worked on this task before you.");
        await Expect(compactions).ToContainTextAsync("Stayed: 3 items");
        await Expect(compactions).ToContainTextAsync("Went: 28 items");
        await Expect(compactions).ToContainTextAsync("First see what fails.");
    }

    [BrowserFact]
    public async Task A_compaction_that_keeps_two_that_are_the_same_keeps_both_also_on_a_page_without_content()
    {
        const string On = """{"type":"message","role":"user","content":[{"type":"input_text","text":"go on"}]}""";
        const string Done = """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"done"}]}""";
        const string Summary = """{"type":"message","role":"user","content":[{"type":"input_text","text":"Twice it went on."}]}""";
        using var bundle = new TestSupport.TestBundle().WithTurn().Request("call-1", $$"""{"input":[{{On}},{{Done}},{{On}}]}""");
        bundle.Append(new CompactionInstalledEvent
        {
            CompactionId = "k1",
            CheckpointPayload = bundle.Payload(PayloadKind.CompactionCheckpoint, $$"""{"input_history":[{{On}},{{Done}},{{On}}],"replacement_history":[{{On}},{{On}},{{Summary}}]}"""),
        }).Request("call-2", $$"""{"input":[{{On}},{{On}},{{Summary}}]}""");
        foreach (var hasContent in new[] { true, false })
        {
            await using var page = await chromium.OpenAsync(OpenRollout.Open(bundle.Open()), "#k1", options: new() { HasContent = hasContent });

            var compactions = page.Page.GetByRole(AriaRole.Region, new() { Name = "Compactions" });
            await Expect(compactions).ToContainTextAsync("Written anew, the summary: 1 item");
            await Expect(compactions).ToContainTextAsync("Stayed: 2 items");
            await Expect(compactions).ToContainTextAsync("Went: 1 item");
        }
    }

    [BrowserFact]
    public async Task Of_a_request_that_cannot_be_read_no_size_is_made_up()
    {
        using var bundle = new TestSupport.TestBundle().WithTurn()
            .Request("call-1", """{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"go"}]}]}""")
            .Request("call-2", """{"input":""");

        await using var page = await chromium.OpenAsync(OpenRollout.Open(bundle.Open()), "#call-2?panel=context");

        (await page.Page.GetByRole(AriaRole.Slider).GetAttributeAsync("aria-valuetext")).ShouldBe("Request 2 of 2: not known what it showed, tokens not counted");
        await Expect(page.Page.GetByRole(AriaRole.Region, new() { Name = "Origins" })).ToContainTextAsync("What this request showed is not known: its payload could not be read.");
    }

    [BrowserFact]
    public async Task In_a_low_window_or_at_twice_the_size_the_chart_is_seen_whole()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#/root?panel=context");
        await page.Page.SetViewportSizeAsync(640, 360);
        var chart = page.Page.GetByRole(AriaRole.Slider, new() { Name = "Context, request by request" });

        await chart.ScrollIntoViewIfNeededAsync();

        var place = (await chart.BoundingBoxAsync()).ShouldNotBeNull();
        place.Y.ShouldBeGreaterThanOrEqualTo(0);
        (place.Y + place.Height).ShouldBeLessThanOrEqualTo(360);
    }

    [BrowserFact]
    public async Task A_duration_is_rounded_before_it_is_taken_apart()
    {
        var started = Cases.Open("mixed-1001").Graph.StartedAtUnixMs;
        using var bundle = TestSupport.TestBundle.Copy(Cases.Bundle("mixed-1001"), lines => lines.Select((line, i) => System.Text.RegularExpressions.Regex.Replace(
            line, "\"wall_time_unix_ms\":[0-9]+", $"\"wall_time_unix_ms\":{started + (i == lines.Count(static one => one.Length > 0) - 1 ? 119_700 : 0)}", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))));

        await using var page = await chromium.OpenAsync(OpenRollout.Open(bundle.Open()));

        await Expect(page.Page.GetByRole(AriaRole.Banner).GetByText("2 min 0 s", new() { Exact = true })).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_cache_miss_is_told_with_its_cause()
    {
        var names = Enumerable.Range(0, 40).Select(static i => $$$"""{"type":"function","name":"tool{{{i}}}","description":"{{{new string('x', 400)}}}"}""");
        using var bundle = new TestSupport.TestBundle().WithTurn()
            .Request("call-1", $$"""{"tools":[{{string.Join(',', names)}}],"input":"go"}""")
            .Respond("call-1", """{"response_id":"r1","output_items":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"a"}]}],"token_usage":{"input_tokens":5000,"cached_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0,"total_tokens":5001}}""")
            .Request("call-2", $$"""{"tools":[{{string.Join(',', names.Reverse())}}],"input":[{"type":"message","role":"user","content":"go"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"a"}]},{"type":"message","role":"user","content":"on"}]}""")
            .Respond("call-2", """{"response_id":"r2","output_items":[],"token_usage":{"input_tokens":5010,"cached_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0,"total_tokens":5011}}""");
        var rollout = OpenRollout.Open(bundle.Open());
        var miss = RolloutCache.Of(rollout, RolloutCache.DefaultTimeToLive).Select(static use => use.Miss).OfType<CacheMiss>().ShouldHaveSingleItem();

        await using var page = await chromium.OpenAsync(rollout, "#/root?panel=context");

        await Expect(page.Page.GetByRole(AriaRole.Region, new() { Name = "Cache misses" })).ToContainTextAsync(miss.Reason);
        (await page.Page.GetByRole(AriaRole.Slider).GetAttributeAsync("aria-valuetext"))!.ShouldEndWith("missed the cache: tool");
    }

    private static string Name(ContextOrigin origin) =>
        origin.Origin == ContextOriginKind.ToolOutput ? $"output of {origin.Tool}" : KindName.Of(origin.Origin).Replace('_', ' ');
}
