using Microsoft.Playwright;
using RolloutTrace.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace RolloutTrace.Viewer.Tests.Browser;

/// <summary>The list of rollouts and their pages as <c>rollout-trace serve</c> gives them, while a rollout is recorded beside it.</summary>
[Collection(BrowserTests.Name)]
public sealed class ServedPagesTests(ChromiumFixture chromium)
{
    [BrowserFact]
    public async Task A_page_without_a_chosen_thing_follows_what_is_new()
    {
        using var recording = new RecordingBeside();
        recording.Say("first words");
        using var server = await ServeProcess.StartAsync(recording.Root);
        await using var page = await OpenAsync(server, recording.Name);
        await Expect(RequestOf(page)).ToHaveTextAsync("Request 1 of 1");
        await Expect(page.Page.GetByText("running", new() { Exact = true })).ToBeVisibleAsync();
        var follows = page.Page.GetByText("It follows the rollout, which is running.");
        await Expect(follows).ToBeVisibleAsync();

        recording.Say("second words");
        await Expect(RequestOf(page)).ToHaveTextAsync("Request 2 of 2");
        await Expect(page.Conversation).ToContainTextAsync("second words");

        await page.Page.GetByRole(AriaRole.Tab, new() { Name = "Context" }).ClickAsync();
        recording.Say("third words");
        await Expect(page.Page.GetByText("3 requests")).ToBeVisibleAsync();
        await Expect(page.Page.GetByRole(AriaRole.Tab, new() { Name = "Context" })).ToHaveAttributeAsync("aria-selected", "true");
        await page.Page.GetByRole(AriaRole.Tab, new() { Name = "Conversation" }).ClickAsync();
        await Expect(RequestOf(page)).ToHaveTextAsync("Request 3 of 3");

        recording.End();
        await Expect(page.Page.GetByText("completed", new() { Exact = true }).First).ToBeVisibleAsync();
        await Expect(follows).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task A_page_with_a_chosen_thing_keeps_its_place_and_says_that_there_is_more()
    {
        using var recording = new RecordingBeside();
        recording.Say(string.Join('\n', Enumerable.Range(0, 200).Select(static i => $"line {i}")));
        recording.Say("second words");
        using var server = await ServeProcess.StartAsync(recording.Root);
        await using var page = await OpenAsync(server, recording.Name);
        await page.Page.Keyboard.PressAsync("k");
        await Expect(RequestOf(page)).ToHaveTextAsync("Request 1 of 2");
        await page.Conversation.Locator(".rows").EvaluateAsync("rows => { rows.scrollTop = 150; }");
        var before = await PlaceOf(page);

        recording.Say("third words");
        var more = page.Page.GetByRole(AriaRole.Button, new() { Name = "There is more: 1 request, " });
        await Expect(more).ToBeVisibleAsync();
        recording.Say("fourth words");
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "There is more: 2 requests, " })).ToBeVisibleAsync();
        await Expect(RequestOf(page)).ToHaveTextAsync("Request 1 of 2");
        (await PlaceOf(page)).ShouldBe(before);

        await page.Page.Keyboard.PressAsync("f");
        await Expect(RequestOf(page)).ToHaveTextAsync("Request 4 of 4");
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "There is more" })).ToHaveCountAsync(0);
        recording.Say("fifth words");
        await Expect(RequestOf(page)).ToHaveTextAsync("Request 5 of 5");
    }

    [BrowserFact]
    public async Task An_address_that_leads_to_a_thing_keeps_it_and_its_evidence_is_at_hand()
    {
        using var recording = new RecordingBeside();
        recording.Say("first words");
        using var server = await ServeProcess.StartAsync(recording.Root);
        await using var page = await OpenAsync(server, recording.Name, "#resp_1");
        await Expect(page.Why).ToContainTextAsync("the user's input");

        recording.Say("second words");

        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "There is more: 1 request" })).ToBeVisibleAsync();
        await Expect(page.Why).ToContainTextAsync("the user's input");
        await page.Why.Locator("details").First.Locator("summary").ClickAsync();
        await Expect(page.Why.Locator("details").First).ToContainTextAsync("first words");
    }

    [BrowserFact]
    public async Task The_list_is_searched_and_what_comes_appears_in_it()
    {
        using var recording = new RecordingBeside();
        recording.Say("count the beds");
        using var server = await ServeProcess.StartAsync(recording.Root);
        await using var page = await chromium.NewPageAsync(site: server.Address.AbsoluteUri);
        await page.GoToAsync(server.Address.AbsoluteUri);
        await Expect(page.Page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await Expect(page.Page.GetByRole(AriaRole.Listitem)).ToContainTextAsync("1 request");

        recording.Say("and the rows");
        await Expect(page.Page.GetByRole(AriaRole.Listitem)).ToContainTextAsync("2 requests");
        Copy(Cases.Bundle("mixed-1001"), Path.Join(recording.Root, "another"));
        await Expect(page.Page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);

        await page.Page.Keyboard.PressAsync("/");
        await page.Page.Keyboard.TypeAsync("BEDS count");
        await Expect(page.Page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await Expect(page.Page.GetByText("1 of 2 rollouts")).ToBeVisibleAsync();
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "count the beds" }).ClickAsync();
        await Expect(RequestOf(page)).ToHaveTextAsync("Request 2 of 2");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "All rollouts" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
    }

    [BrowserFact]
    public async Task What_is_damaged_vanishes_or_has_no_server_any_more_is_said_in_words()
    {
        using var recording = new RecordingBeside();
        recording.Say("first words");
        var name = Path.Join(recording.Root, "another");
        Copy(Cases.Bundle("mixed-1001"), name);
        using var server = await ServeProcess.StartAsync(recording.Root);
        await using var page = await OpenAsync(server, "another");
        await using var list = await chromium.NewPageAsync(site: server.Address.AbsoluteUri);
        await list.GoToAsync(server.Address.AbsoluteUri);

        await File.WriteAllTextAsync(Path.Join(name, "manifest.json"), "{");
        await Expect(list.Page.GetByText("1 bundle cannot be read")).ToBeVisibleAsync();
        await Expect(page.Page.GetByText("manifest.json")).ToBeVisibleAsync();
        await Expect(page.Conversation).ToBeVisibleAsync();

        Directory.Delete(name, recursive: true);
        await Expect(page.Page.GetByText("there is no rollout 'another'")).ToBeVisibleAsync();
        await Expect(list.Page.GetByText("1 bundle cannot be read")).Not.ToBeVisibleAsync();

        await server.EndAsync("TERM");
        await Expect(page.Page.GetByText("The server has gone")).ToBeVisibleAsync();
        await Expect(list.Page.GetByText("The server has gone")).ToBeVisibleAsync();

        // Browsers say so themselves.
        page.MayAskInVain = true;
        list.MayAskInVain = true;
    }

    [BrowserFact]
    public async Task A_rollout_of_which_nothing_is_there_yet_is_shown_as_soon_as_something_is()
    {
        using var bundle = new TestBundle();
        using var server = await ServeProcess.StartAsync(bundle.Directory);
        await using var page = await chromium.NewPageAsync(site: server.Address.AbsoluteUri);
        await page.Page.GotoAsync(new Uri(server.Address, "rollout?name=last").AbsoluteUri);
        await Expect(page.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("trace.jsonl");

        bundle.WithTurn().Request("call-1", """{"input":[{"type":"message","role":"user","content":"at last"}]}""").Open();

        await Expect(page.Conversation).ToContainTextAsync("at last");
        page.MayAskInVain = true;
    }

    [BrowserFact]
    public async Task A_list_whose_directory_is_not_there_says_so_until_it_is()
    {
        using var recording = new RecordingBeside();
        recording.Say("the first words");
        var bundle = Path.Join(recording.Root, recording.Name);
        var root = Path.Join(recording.Root, "later");
        using var server = await ServeProcess.StartAsync(root);
        (await server.NextErrorAsync()).ShouldNotBeNull().ShouldStartWith($"there is no directory {root} yet");
        await using var list = await chromium.NewPageAsync(site: server.Address.AbsoluteUri);
        await list.GoToAsync(server.Address.AbsoluteUri);
        await Expect(list.Page.GetByText($"There is no directory {root} yet, where rollouts would be.")).ToBeVisibleAsync();

        Directory.CreateDirectory(root);
        await Expect(list.Page.GetByText("There is no rollout yet; this page shows the first as soon as it is there.")).ToBeVisibleAsync();
        Copy(bundle, Path.Join(root, "a"));

        await Expect(list.Page.GetByRole(AriaRole.Link, new() { Name = "the first words" })).ToBeVisibleAsync();
        await Expect(list.Page.GetByText("1 rollout", new() { Exact = true })).ToBeVisibleAsync();
    }

    private static ILocator RequestOf(ViewedPage page) => page.Conversation.GetByRole(AriaRole.Heading, new() { Level = 2 });

    private static async Task<double> PlaceOf(ViewedPage page) => await page.Conversation.Locator(".rows").EvaluateAsync<double>("rows => rows.scrollTop");

    private static void Copy(string bundle, string target)
    {
        foreach (var file in Directory.EnumerateFiles(bundle, "*", SearchOption.AllDirectories).OrderDescending(StringComparer.Ordinal))
        {
            var copy = Path.Join(target, Path.GetRelativePath(bundle, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private async Task<ViewedPage> OpenAsync(ServeProcess server, string name, string at = "")
    {
        var page = await chromium.NewPageAsync(site: server.Address.AbsoluteUri);
        await page.GoToAsync(new Uri(server.Address, $"rollout?name={Uri.EscapeDataString(name)}{at}").AbsoluteUri);
        return page;
    }
}
