using static Microsoft.Playwright.Assertions;

namespace RolloutTrace.Viewer.Tests.Browser;

/// <summary>
/// The picture in README, of the coding agent's rollout as anybody can make it: ROLLOUT_TRACE_SCREENSHOTS names the directory that gets it anew.
/// </summary>
[Collection(BrowserTests.Name)]
public sealed class ScreenshotTests(ChromiumFixture chromium)
{
    [BrowserFact]
    public async Task README_shows_why_a_helper_was_spawned()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#call_spawn");
        await page.Conversation.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "agent /root/reviewer" }).ClickAsync();
        await Expect(page.Why).ToContainTextAsync("the user's input");

        var picture = await page.Page.ScreenshotAsync();

        picture.Length.ShouldBeGreaterThan(30_000, "a page of text is no blank one");
        if (Environment.GetEnvironmentVariable("ROLLOUT_TRACE_SCREENSHOTS") is { Length: > 0 } directory)
        {
            await File.WriteAllBytesAsync(Path.Join(directory, "view.png"), picture);
        }
    }
}
