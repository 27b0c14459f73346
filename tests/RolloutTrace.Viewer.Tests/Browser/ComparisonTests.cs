using Microsoft.Playwright;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Comparing;
using RolloutTrace.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace RolloutTrace.Viewer.Tests.Browser;

/// <summary>Two runs side by side.</summary>
[Collection(BrowserTests.Name)]
public sealed class ComparisonTests(ChromiumFixture chromium)
{
    private const string Ask = """{"type":"message","role":"user","content":[{"type":"input_text","text":"Which beds are dry?"}]}""";

    [BrowserFact]
    public async Task What_differed_first_is_marked_and_shown_and_what_never_is_the_same_is_named()
    {
        using var a = Run("The third bed is dry; it took 41 ms.");
        using var b = Run("The fourth bed is dry; it took 57 ms.");
        await using var page = await OpenAsync(a, b);

        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("1 difference");
        await Expect(page.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("First: the model was shown something else (item beds, from tool output), /root");
        var chosen = page.Page.Locator(".pair.is-chosen");
        await Expect(chosen).ToHaveCountAsync(1);
        await Expect(chosen).ToHaveAttributeAsync("aria-label", "function call output, differs, differs first");
        await Expect(chosen.Locator("mark")).ToContainTextAsync(["third", "fourth"]);
        await Expect(chosen.Locator(".volatile")).ToHaveTextAsync(["41 ms", "57 ms"]);
        await Expect(chosen.Locator(".volatile").First).ToHaveAttributeAsync("title", "duration");
        await Expect(page.Page.Locator(".pair").First).ToHaveAttributeAsync("aria-label", "user, same");
    }

    [BrowserFact]
    public async Task Runs_that_are_alike_say_so_and_without_content_nothing_that_was_said_is_in_the_page()
    {
        using var a = Run("The third bed is dry.");
        using var b = Run("The third bed is dry.");
        await using var page = await OpenAsync(a, b, options: new RolloutPageOptions { HasContent = false });

        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("The runs are alike");
        await Expect(page.Page.GetByText("Nothing differs but what never is the same in two runs.")).ToBeVisibleAsync();
        (await page.Page.ContentAsync()).ShouldNotContain("third bed");
        await Expect(page.Page.GetByText("This page was made without content.").First).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task One_goes_from_difference_to_difference_by_keys_in_light_and_dark()
    {
        using var a = Run("Dry.", second: "All.");
        using var b = Run("Wet.", second: "None.");
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using var page = await OpenAsync(a, b, scheme);
            var status = page.Page.GetByRole(AriaRole.Status);
            await Expect(status).ToContainTextAsync("First:");
            await page.Page.Keyboard.PressAsync("n");
            await Expect(status).ToContainTextAsync("2 of 2:");
            await Expect(page.Page.Locator(".pair.is-chosen mark")).ToContainTextAsync(["All", "None"]);
            await page.Page.Keyboard.PressAsync("p");
            await Expect(status).ToContainTextAsync("First:");
            var before = await page.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
            await page.Page.Keyboard.PressAsync("t");
            (await page.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor")).ShouldNotBe(before);
            await KeepAsync($"compare-{scheme}.png", page);
        }
    }

    [BrowserFact]
    public async Task Whatever_stands_in_the_bundles_is_text()
    {
        const string Evil = """</script><img src=x onerror=alert(1)><script>alert(2)</script>\u202e{data} javascript:alert(3)""";
        using var a = Run($"{Evil} 1", "<b>\\u0000</b>");
        using var b = Run($"{Evil} 2", "<i>\\u200b</i>");
        await using var page = await OpenAsync(a, b, name: """</title><script>alert(4)</script>""");

        await Expect(page.Page.Locator(".pair.is-chosen")).ToContainTextAsync("<img src=x onerror=alert(1)>");
        await Expect(page.Page.Locator(".pair.is-chosen .hidden-char").First).ToHaveTextAsync("U+202E");
        (await page.Page.Locator("img, .text script, iframe").CountAsync()).ShouldBe(0);
        await Expect(page.Page.GetByText("</title><script>alert(4)</script>").First).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Of_a_long_text_the_part_that_differs_is_shown_and_the_rest_when_it_is_asked_for()
    {
        var before = string.Concat(Enumerable.Repeat("word ", 4000));
        using var a = Run($"{before}third{before}");
        using var b = Run($"{before}fourth{before}");
        await using var page = await OpenAsync(a, b);

        var chosen = page.Page.Locator(".pair.is-chosen");
        await Expect(chosen.Locator("mark")).ToContainTextAsync(["third", "fourth"]);
        (await chosen.InnerTextAsync()).Length.ShouldBeLessThan(8000);
        await chosen.GetByRole(AriaRole.Button).First.ClickAsync();
        await page.Page.WaitForFunctionAsync("document.querySelector('.pair.is-chosen').innerText.length > 40000");
    }

    private static TestBundle Run(string output, string? second = null)
    {
        var bundle = new TestBundle().WithTurn();
        const string Call = """{"type":"function_call","call_id":"call_1","name":"beds","arguments":"{}"}""";
        const string Said = """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"I have looked."}]}""";
        var got = $$"""{"type":"function_call_output","call_id":"call_1","output":"{{output}}"}""";
        bundle.Request("request-1", $$"""{"input":[{{Ask}}]}""").Respond("request-1", $$"""{"output_items":[{{Call}}]}""");
        bundle.Request("request-2", $$"""{"input":[{{Ask}},{{Call}},{{got}}]}""").Respond("request-2", $$"""{"output_items":[{{Said}}]}""");
        if (second is not null)
        {
            var more = $$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"{{second}}"}]}""";
            bundle.Request("request-3", $$"""{"input":[{{Ask}},{{Call}},{{got}},{{Said}},{{more}}]}""").Respond("request-3", """{"output_items":[]}""");
        }

        return bundle;
    }

    private async Task<ViewedPage> OpenAsync(TestBundle a, TestBundle b, ColorScheme scheme = ColorScheme.Light, RolloutPageOptions? options = null, string name = "A")
    {
        var (first, second) = (OpenRollout.Open(a.Open()), OpenRollout.Open(b.Open()));
        return await chromium.OpenPageAsync(stream => ComparisonPage.Write(RolloutComparison.Of(name, first, "B", second), first, second, stream, options), scheme);
    }

    private static async Task KeepAsync(string name, ViewedPage page)
    {
        if (Environment.GetEnvironmentVariable("ROLLOUT_TRACE_SCREENSHOTS") is { Length: > 0 } directory)
        {
            await File.WriteAllBytesAsync(Path.Join(directory, name), await page.Page.ScreenshotAsync());
        }
    }
}
