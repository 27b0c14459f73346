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
        await KeepAsync("view.png", picture);
    }

    [BrowserFact]
    public async Task README_shows_the_list_of_rollouts()
    {
        var root = Path.GetDirectoryName(chromium.CodingAgent.Bundle!.DisplayName)!;
        using var price = new RecordingBeside(root, "gpt-5-codex");
        price.Say("Why does the price test fail?");
        price.Say("Mend it, and run all tests.");
        price.End();
        using var beds = new RecordingBeside(root, "claude-sonnet-4-5");
        beds.Say("Which beds are dry?");
        using var server = await TestSupport.ServeProcess.StartAsync(root);
        await using var page = await chromium.NewPageAsync(site: server.Address.AbsoluteUri);
        await page.Page.SetViewportSizeAsync(1360, 420);
        await page.GoToAsync(server.Address.AbsoluteUri);
        await Expect(page.Page.GetByText("3 rollouts")).ToBeVisibleAsync();
        await Expect(page.Page.GetByText("running", new() { Exact = true }).Last).ToBeVisibleAsync();

        await KeepAsync("list.png", await page.Page.ScreenshotAsync());
    }

    private static async Task KeepAsync(string name, byte[] picture)
    {
        if (Environment.GetEnvironmentVariable("ROLLOUT_TRACE_SCREENSHOTS") is { Length: > 0 } directory)
        {
            await File.WriteAllBytesAsync(Path.Join(directory, name), picture);
        }
    }
}
