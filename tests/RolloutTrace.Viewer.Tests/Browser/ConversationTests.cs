using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace RolloutTrace.Viewer.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class ConversationTests(ChromiumFixture chromium)
{
    [BrowserFact]
    public async Task The_last_request_is_shown_first_with_what_it_gave_and_what_was_new()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent);

        await Expect(page.Page.GetByRole(AriaRole.Banner)).ToContainTextAsync("completed");
        await Expect(page.Page.GetByRole(AriaRole.Banner)).ToContainTextAsync("2 agents");
        await Expect(page.Page.GetByRole(AriaRole.Banner)).ToContainTextAsync("whoever has it can read it");
        await Expect(page.Conversation.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("Request 19 of 19");
        var items = await page.ItemsAsync();
        items.ShouldContain("Compaction");
        items.ShouldContain("calls exec_command");
        items.ShouldContain("output of close_agent, new");
        items.ShouldContain("assistant");
    }

    [BrowserFact]
    public async Task Instructions_and_tools_open_in_place()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#call_test");

        await page.Conversation.GetByText("Instructions").ClickAsync();
        await Expect(page.Conversation.GetByText("You are /root")).ToBeVisibleAsync();
        await page.Conversation.GetByText("11 tools").ClickAsync();
        await page.Conversation.GetByText("apply_patch", new() { Exact = true }).ClickAsync();
        await Expect(page.Conversation.GetByText("Begin Patch").First).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Step_by_step_the_history_grows_and_gives_way_to_the_compaction()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#call_test");
        var heading = page.Conversation.GetByRole(AriaRole.Heading, new() { Level = 2 });
        await Expect(heading).ToHaveTextAsync("Request 2 of 19");

        await page.Page.Keyboard.PressAsync("j");
        await Expect(heading).ToHaveTextAsync("Request 3 of 19");
        (await page.ItemsAsync()).ShouldContain("output of exec_command, new");
        for (var i = 4; i <= 15; i++)
        {
            await page.Page.Keyboard.PressAsync("j");
        }

        await Expect(heading).ToHaveTextAsync("Request 15 of 19");
        await Expect(page.Conversation).ToContainTextAsync("Compaction: 31 items became 4");
        await Expect(page.Conversation).ToContainTextAsync("items went since the request before");
        (await page.ItemsAsync()).Count(static item => item.EndsWith("summary of a compaction, new", StringComparison.Ordinal)).ShouldBe(1);
        await page.Page.Keyboard.PressAsync("k");
        await Expect(heading).ToHaveTextAsync("Request 14 of 19");
        (await page.ItemsAsync()).ShouldNotContain("Compaction");
    }

    [BrowserFact]
    public async Task Only_what_is_new_can_be_seen_alone()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#call_spawn");

        await page.Page.GetByLabel("only what is new").CheckAsync();

        (await page.ItemsAsync()).ShouldBe(["reasoning, new", "calls exec_command, new", "output of exec_command, new", "Response", "calls spawn_agent", "agent /root/reviewer"]);
    }

    [BrowserFact]
    public async Task A_helper_is_a_card_where_it_was_called_that_opens_in_place()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#call_spawn");

        await page.Conversation.GetByRole(AriaRole.Button, new() { Name = "agent /root/reviewer" }).ClickAsync();

        await Expect(page.Conversation.GetByRole(AriaRole.Button, new() { Name = "agent /root/reviewer" })).ToHaveAttributeAsync("aria-expanded", "true");
        (await page.ItemsAsync()).ShouldContain("from /root to /root/reviewer");
        await Expect(page.Conversation.GetByText("keeps capitals, and makes one hyphen of each space").First).ToBeAttachedAsync();
    }

    [BrowserFact]
    public async Task A_patch_is_shown_as_one_and_arguments_by_their_names()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#call_patch");

        var call = page.Conversation.GetByRole(AriaRole.Article, new() { Name = "calls apply_patch" });
        await Expect(call).ToContainTextAsync("*** Begin Patch");
        (await call.Locator(".diff-removed").CountAsync()).ShouldBeGreaterThan(0);
        (await call.Locator(".diff-added").CountAsync()).ShouldBeGreaterThan(0);
    }

    [BrowserFact]
    public async Task All_that_was_said_has_each_thing_once_with_the_compaction_where_it_happened()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent);

        await page.Page.Keyboard.PressAsync("a");

        await Expect(page.Conversation.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("All that was said by and to /root");
        var items = await page.ItemsAsync();
        items.Count(static item => item == "Compaction").ShouldBe(1);
        items.Count(static item => item == "calls spawn_agent").ShouldBe(1);
        await page.Page.GetByLabel("Agent", new() { Exact = true }).SelectOptionAsync("/root/reviewer");
        await Expect(page.Conversation.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("Request 1 of 4");
    }

    [BrowserFact]
    public async Task Without_content_names_and_numbers_are_shown_and_the_page_says_why_there_is_no_more()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#call_test", options: new RolloutPageOptions { HasContent = false });

        await Expect(page.Page.GetByRole(AriaRole.Banner)).ToContainTextAsync("made without content");
        (await page.ItemsAsync()).ShouldContain("calls exec_command");
        await Expect(page.Conversation).Not.ToContainTextAsync("test.sh");
    }
}
