using System.Text;
using Microsoft.Playwright;
using RolloutTrace.Analysis;

namespace RolloutTrace.Viewer.Tests.Browser;

/// <summary>What is seen first is shown before the rest of the page is opened; what needs that waits for it, and says so.</summary>
[Collection(BrowserTests.Name)]
public class FirstViewTests(ChromiumFixture chromium)
{
    // Before the page's script: the second document that it opens stays shut until the test opens it.
    private const string Hold = """
        const Real = DecompressionStream;
        const held = new Promise(resolve => self.letGo = resolve);
        let opened = 0;
        self.DecompressionStream = function (format) {
          const real = new Real(format);
          return opened++ !== 1 ? real : { writable: real.writable, readable: real.readable.pipeThrough(new TransformStream({ transform: async (piece, out) => { await held; out.enqueue(piece); } })) };
        };
        """;

    [BrowserFact]
    public async Task What_is_asked_for_before_the_rest_is_there_waits_and_comes()
    {
        await using var viewed = await OpenHeldAsync(chromium.CodingAgent);
        var page = viewed.Page;
        var item = viewed.Conversation.GetByRole(AriaRole.Article).Filter(new() { HasText = "why" }).First;
        await Assertions.Expect(item).ToBeVisibleAsync();
        (await page.GetByText("Opening the rest").CountAsync()).ShouldBe(0, "nobody has asked for it");

        await item.GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(page.GetByText("Opening the rest of the rollout…")).ToBeVisibleAsync();
        (await viewed.Why.IsVisibleAsync()).ShouldBeFalse();
        await page.GetByRole(AriaRole.Searchbox).FillAsync("two-spaces");
        await Assertions.Expect(page.GetByText("This needs the rest of the rollout")).ToBeVisibleAsync();
        await page.EvaluateAsync("letGo()");

        await Assertions.Expect(viewed.Why).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Search" }).GetByRole(AriaRole.Listitem).First).ToBeVisibleAsync();
        (await page.GetByText("the rest of the rollout").CountAsync()).ShouldBe(0);
    }

    [BrowserFact]
    public async Task An_address_that_leads_to_a_thing_leads_there_though_it_is_in_the_rest()
    {
        var tool = chromium.CodingAgent.Graph.ToolCalls.Values.OrderBy(static call => call.Execution.StartedSeq).First().ToolCallId;
        await using var viewed = await OpenHeldAsync(chromium.CodingAgent, $"#{Uri.EscapeDataString(tool)}?panel=timeline");
        await Assertions.Expect(viewed.Page.GetByText("Opening the rollout…")).ToBeVisibleAsync();
        await viewed.Page.EvaluateAsync("letGo()");

        await Assertions.Expect(viewed.Why).ToContainTextAsync(tool);
        await Assertions.Expect(viewed.Page.GetByRole(AriaRole.Tab, new() { Name = "Timeline" })).ToHaveAttributeAsync("aria-selected", "true");
    }

    [BrowserFact]
    public async Task A_page_that_was_cut_shows_what_it_has_and_says_that_it_was_cut()
    {
        await using var viewed = await chromium.OpenPageAsync(stream =>
        {
            using var whole = new MemoryStream();
            RolloutPage.Write(chromium.CodingAgent, whole);
            var html = Encoding.UTF8.GetString(whole.ToArray());
            stream.Write(Encoding.UTF8.GetBytes(html[..(html.IndexOf("id=\"rest\"", StringComparison.Ordinal) + 1000)]));
        });

        await Assertions.Expect(viewed.Page.GetByText("is damaged, or ends before it should")).ToBeVisibleAsync();
        await Assertions.Expect(viewed.Conversation.GetByRole(AriaRole.Article).First).ToBeVisibleAsync();
    }

    private async Task<ViewedPage> OpenHeldAsync(OpenRollout rollout, string at = "")
    {
        var viewed = await chromium.NewPageAsync();
        await viewed.Page.AddInitScriptAsync(Hold);
        await viewed.GoToAsync(chromium.AddressOf(stream => RolloutPage.Write(rollout, stream)) + at, isShown: at.Length == 0);
        return viewed;
    }
}
