using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace RolloutTrace.Viewer.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class TimelineAndAgentsTests(ChromiumFixture chromium)
{
    [BrowserFact]
    public async Task One_goes_from_bar_to_bar_in_the_order_of_their_start_and_to_why_they_are_there()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#call_test?panel=timeline");
        var stage = page.Page.GetByRole(AriaRole.Slider);

        await Expect(stage).ToHaveAttributeAsync("aria-valuetext", new System.Text.RegularExpressions.Regex("^tool call exec_command: .*exit code 1", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await stage.FocusAsync();
        await page.Page.Keyboard.PressAsync("Home");
        (await stage.GetAttributeAsync("aria-valuetext"))!.ShouldStartWith("turn");
        await page.Page.Keyboard.PressAsync("ArrowRight");
        (await stage.GetAttributeAsync("aria-valuetext"))!.ShouldStartWith("request scripted: failed");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Why.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("Why this request");
        await Expect(stage).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_bar_that_is_pointed_at_says_what_it_is_and_zooming_keeps_it_there()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#code_cell:call_survey?panel=timeline");
        var stage = page.Page.GetByRole(AriaRole.Slider);
        var status = page.Page.GetByRole(AriaRole.Region, new() { Name = "Timeline" }).GetByRole(AriaRole.Status);
        await Expect(status).ToContainTextAsync("code cell");
        var box = (await stage.BoundingBoxAsync())!;

        // The cell takes the most of the first turn: its bar is the widest of its row.
        var (x, y) = (box.X + (box.Width / 2), 0f);
        for (var at = box.Y + 30; at < box.Y + 250 && y == 0; at += 6)
        {
            await page.Page.Mouse.MoveAsync(x, at);
            y = (await status.InnerTextAsync()).StartsWith("code cell", StringComparison.Ordinal) ? at : 0;
        }

        y.ShouldBeGreaterThan(0);
        await page.Page.Keyboard.DownAsync("Control");
        await page.Page.Mouse.WheelAsync(0, -300);
        await page.Page.Keyboard.UpAsync("Control");
        await page.Page.Mouse.MoveAsync(x + 1, y);
        await Expect(status).ToContainTextAsync("code cell");
        await page.Page.Mouse.ClickAsync(x, y);
        await Expect(page.Why.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("Why this code cell");
    }

    [BrowserFact]
    public async Task Agents_are_told_with_what_they_used_and_what_went_between_them_in_its_order()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#/root?panel=agents");
        var panel = page.Page.GetByRole(AriaRole.Region, new() { Name = "Agents", Exact = true });

        await Expect(panel.GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        await Expect(panel.GetByRole(AriaRole.Row).Nth(2)).ToContainTextAsync("/root/reviewer/rootcompleted4");
        (await panel.GetByRole(AriaRole.List).GetByRole(AriaRole.Link).AllInnerTextsAsync()).ShouldBe(
            ["/root", "spawn agent", "/root/reviewer", "agent result", "assign agent task", "send message", "agent result", "close agent", "/root/reviewer", "/root"],
            ignoreOrder: true);
        await Expect(panel).ToContainTextAsync("The change is right, and plain sh.");
        await panel.GetByRole(AriaRole.Link, new() { Name = "close agent" }).ClickAsync();
        await Expect(page.Why.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("Why this edge");
        await Expect(panel).ToBeVisibleAsync();
    }
}
