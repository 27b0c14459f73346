using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace RolloutTrace.Viewer.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class WhyTests(ChromiumFixture chromium)
{
    [BrowserFact]
    public async Task An_address_with_any_id_leads_to_the_thing_and_why_it_is_there()
    {
        var rollout = chromium.CodingAgent;
        await using var page = await chromium.OpenAsync(rollout);
        foreach (var (kind, id) in new[]
        {
            ("tool call", "call_titles_one"),
            ("code cell", "code_cell:call_survey"),
            ("item", "conversation_item:5"),
            ("request", "resp_test"),
            ("terminal operation", "terminal_operation:1"),
            ("thread", "/root/reviewer"),
            ("tool call", rollout.Graph.ToolCalls["call_test"].Otel!.SpanId),
            ("tool call", $"{rollout.Graph.ToolCalls["call_test"].Otel!.TraceId}-{rollout.Graph.ToolCalls["call_test"].Otel!.SpanId}"),
            ("compaction", rollout.Graph.Compactions.Keys.Single()),
            ("edge", rollout.Graph.InteractionEdges.Keys.First()),
            ("turn", rollout.Graph.CodexTurns.Keys.First()[^12..]),
        })
        {
            await page.GoToAsync($"{page.Address}#{Uri.EscapeDataString(id)}");
            await Expect(page.Why.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync($"Why this {kind}");
        }
    }

    [BrowserFact]
    public async Task The_way_back_leads_to_the_users_input_step_by_step()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#call_test");

        var causes = page.Why.GetByRole(AriaRole.Region, new() { Name = "Causes" }).GetByRole(AriaRole.Listitem);
        (await causes.CountAsync()).ShouldBe(3);
        await Expect(causes.First).ToContainTextAsync("The test of this project fails");
        await Expect(causes.First).ToContainTextAsync("the user's input");
        await causes.First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.Why.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("Why this item");
        await page.Page.GoBackAsync();
        await Expect(page.Why.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("Why this tool call");
    }

    [BrowserFact]
    public async Task Evidence_is_one_click_away_and_raw()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#call_test");
        var subject = page.Why.GetByRole(AriaRole.Region, new() { Name = "The thing itself" });

        await subject.Locator("summary", new() { HasText = "event" }).First.ClickAsync();
        await Expect(subject).ToContainTextAsync("\"type\": \"tool_call_started\"");
        await subject.Locator("summary", new() { HasText = "payloads/" }).First.ClickAsync();
        await Expect(subject).ToContainTextAsync("\"tool_name\": \"exec_command\"");
    }

    [BrowserFact]
    public async Task With_the_keyboard_alone_one_gets_from_an_item_to_its_cause_and_back()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#call_spawn");
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.Why).ToBeHiddenAsync();

        await page.Conversation.GetByRole(AriaRole.Article, new() { Name = "calls exec_command" }).FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await page.Page.Keyboard.PressAsync("w");

        await Expect(page.Why.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("Why this item");
        await Expect(page.Why.GetByRole(AriaRole.Region, new() { Name = "The thing itself" })).ToContainTextAsync("FAILED: Hello World");
    }
}
