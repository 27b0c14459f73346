using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RolloutTrace.Analysis;
using static Microsoft.Playwright.Assertions;

namespace RolloutTrace.Viewer.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class FindingsAndSearchTests(ChromiumFixture chromium)
{
    [BrowserFact]
    public async Task Every_finding_stands_under_its_kind_with_why_it_matters_and_leads_to_its_place()
    {
        using var bundle = new TestSupport.TestBundle().WithTurn()
            .Request("call-1", """{"instructions":"be brief","input":[{"type":"function_call","name":"grep","call_id":"c1","arguments":"{}"},{"type":"message","role":"user","content":"go"}]}""")
            .Respond("call-1", """{"response_id":"r1","output_items":[]}""")
            .Request("call-2", """{"instructions":"be long","input":[{"type":"function_call","name":"grep","call_id":"c1","arguments":"{}"},{"type":"message","role":"user","content":"other"}]}""");
        var rollout = OpenRollout.Open(bundle.Open());
        var findings = RolloutAnomalies.Find(rollout);
        findings.Count.ShouldBeGreaterThan(2);

        await using var page = await chromium.OpenAsync(rollout);
        await page.Page.GetByRole(AriaRole.Tab, new() { Name = "Findings" }).ClickAsync();

        var panel = page.Page.GetByRole(AriaRole.Region, new() { Name = "Findings", Exact = true });
        foreach (var finding in findings)
        {
            var kind = panel.GetByRole(AriaRole.Region, new() { Name = finding.Code.Replace('_', ' ') });
            await Expect(kind).ToContainTextAsync(AnomalyCodes.WhyItMatters(finding.Code));
            await Expect(kind.GetByRole(AriaRole.Link, new() { Name = finding.Message }).First).ToBeVisibleAsync();
        }

        await panel.GetByRole(AriaRole.Link, new() { Name = findings.Single(static finding => finding.Code == AnomalyCodes.InstructionsChanged).Message }).ClickAsync();
        await Expect(page.Conversation.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("Request 2 of 2");
    }

    [BrowserFact]
    public async Task What_failed_is_listed_with_the_words_for_it()
    {
        var rollout = chromium.CodingAgent;
        await using var page = await chromium.OpenAsync(rollout, "#/root?panel=findings");

        var panel = page.Page.GetByRole(AriaRole.Region, new() { Name = "Findings", Exact = true });
        foreach (var finding in RolloutAnomalies.Find(rollout))
        {
            await Expect(panel).ToContainTextAsync(finding.Message);
        }

        await Expect(panel).ToContainTextAsync("The server had an error while processing your request.");
        await Expect(panel).ToContainTextAsync("The bundle is sound");
    }

    [BrowserFact]
    public async Task Hits_come_as_one_types_and_are_those_of_grep()
    {
        var rollout = chromium.CodingAgent;
        await using var page = await chromium.OpenAsync(rollout);

        await page.Page.Keyboard.PressAsync("/");
        await page.Page.Keyboard.TypeAsync("two-spaces");

        var panel = page.Page.GetByRole(AriaRole.Region, new() { Name = "Search" });
        var ids = RolloutSearch.Find(rollout, new Regex("two-spaces", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(10))).Select(static hit => hit.Id).Distinct().ToList();
        await Expect(panel.GetByRole(AriaRole.Status)).ToHaveTextAsync(new Regex("^[0-9]+ hits$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        var found = await panel.Locator(".hit .id").AllInnerTextsAsync();
        found.Select(static id => id.Trim()).Distinct().ShouldBe(ids, ignoreOrder: true);
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Why).ToContainTextAsync("FAILED: Two spaces");
    }

    [BrowserFact]
    public async Task Instructions_tools_errors_and_names_are_searched_and_expressions_taken()
    {
        await using var page = await chromium.OpenAsync(chromium.CodingAgent);
        var panel = page.Page.GetByRole(AriaRole.Region, new() { Name = "Search" });
        foreach (var (query, part) in new[]
        {
            ("You are /root", "instructions"),
            ("Runs C# script", "tool definition"),
            ("server had an error", "error"),
            ("style.lookup", "tool"),
            ("sh -c cat slug.sh", "command"),
            ("/FAILED: (Hello|Two)/", "output"),
            ("tool_namespace", "payloads/"),
        })
        {
            await page.Page.GetByRole(AriaRole.Searchbox).FillAsync(query);
            await Expect(panel.GetByRole(AriaRole.Listitem).Filter(new() { HasText = part }).First).ToBeVisibleAsync();
        }

        await page.Page.GetByRole(AriaRole.Searchbox).FillAsync("/(/");
        await Expect(panel.GetByRole(AriaRole.Status)).ToHaveTextAsync("That is no whole expression yet.");
        await page.Page.GetByRole(AriaRole.Searchbox).FillAsync("there is no such text");
        await Expect(panel.GetByRole(AriaRole.Status)).ToHaveTextAsync("0 hits");
    }

    [BrowserFact]
    public async Task Words_of_an_error_are_found_however_far_behind_its_beginning_they_stand()
    {
        using var bundle = new TestSupport.TestBundle().WithTurn().Request("call-1", """{"input":[{"type":"message","role":"user","content":"go"}]}""");
        bundle.Append(new Bundle.InferenceFailedEvent { InferenceCallId = "call-1", Error = $"{new string('x', 400)}\nthe third replica is rebuilding" });
        var rollout = OpenRollout.Open(bundle.Open());
        RolloutSearch.Find(rollout, new Regex("third replica", RegexOptions.None, TimeSpan.FromSeconds(10))).Select(static hit => $"{hit.Id} {hit.Part} {hit.Line}").ShouldBe(["call-1 error 2"]);
        await using var page = await chromium.OpenAsync(rollout);

        await page.Page.Keyboard.PressAsync("/");
        await page.Page.Keyboard.TypeAsync("third replica");

        var panel = page.Page.GetByRole(AriaRole.Region, new() { Name = "Search" });
        await Expect(panel).ToContainTextAsync("1 hit");
        await Expect(panel).ToContainTextAsync("error, line 2");
    }
}
