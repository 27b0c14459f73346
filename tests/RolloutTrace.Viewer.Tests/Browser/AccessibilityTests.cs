using System.Text.Json;
using Microsoft.Playwright;

namespace RolloutTrace.Viewer.Tests.Browser;

/// <summary>
/// What axe-core finds, with its rules for everybody's access. AXE_CORE names the file axe.min.js of the npm package; where it is not there,
/// the test is skipped.
/// </summary>
[Collection(BrowserTests.Name)]
public sealed class AccessibilityTests(ChromiumFixture chromium)
{
    [AxeFact]
    public async Task No_panel_keeps_anybody_out_in_light_or_dark()
    {
        var axe = await File.ReadAllTextAsync(AxeFactAttribute.Axe!);
        var found = new List<string>();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var page = await chromium.OpenAsync(chromium.CodingAgent, "#call_test", scheme);
            for (var panel = 1; panel <= 6; panel++)
            {
                await page.Page.Keyboard.PressAsync($"{panel}");
                await page.Page.WaitForTimeoutAsync(100);
                found.AddRange((await ViolationsAsync(page, axe)).Select(violation => $"panel {panel}, {scheme}: {violation}"));
            }
        }

        found.ShouldBeEmpty();
    }

    [AxeFact]
    public async Task The_list_of_rollouts_keeps_nobody_out_in_light_or_dark()
    {
        var axe = await File.ReadAllTextAsync(AxeFactAttribute.Axe!);
        using var server = await TestSupport.ServeProcess.StartAsync(Path.GetDirectoryName(Path.GetDirectoryName(Cases.Bundle("mixed-1001")))!);
        var found = new List<string>();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var page = await chromium.NewPageAsync(scheme, server.Address.AbsoluteUri);
            await page.GoToAsync(server.Address.AbsoluteUri);
            found.AddRange((await ViolationsAsync(page, axe)).Select(violation => $"{scheme}: {violation}"));
        }

        found.ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<string>> ViolationsAsync(ViewedPage page, string axe)
    {
        // The page's policy lets no script in; a world of its own is not under it.
        var session = await page.Page.Context.NewCDPSessionAsync(page.Page);
        var frame = (await session.SendAsync("Page.getFrameTree"))!.Value.GetProperty("frameTree").GetProperty("frame").GetProperty("id").GetString()!;
        var world = (await session.SendAsync("Page.createIsolatedWorld", new() { ["frameId"] = frame, ["worldName"] = "axe" }))!.Value.GetProperty("executionContextId").GetInt32();
        await session.SendAsync("Runtime.evaluate", new() { ["expression"] = axe, ["contextId"] = world });
        var answer = await session.SendAsync("Runtime.evaluate", new()
        {
            ["expression"] = "axe.run(document).then(found => JSON.stringify(found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target} ${n.failureSummary}`))))",
            ["contextId"] = world,
            ["awaitPromise"] = true,
        });
        return JsonSerializer.Deserialize<string[]>(answer!.Value.GetProperty("result").GetProperty("value").GetString()!)!;
    }
}
