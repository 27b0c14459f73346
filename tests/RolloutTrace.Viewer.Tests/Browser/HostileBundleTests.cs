using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using RolloutTrace.Analysis;
using RolloutTrace.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace RolloutTrace.Viewer.Tests.Browser;

/// <summary>Bundles from strangers: what is in them is text on the page, whatever it is. A page that runs or fetches anything has a misdeed.</summary>
[Collection(BrowserTests.Name)]
public sealed class HostileBundleTests(ChromiumFixture chromium)
{
    private const string Hostile =
        "</script><script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\"><svg onload=\"document.title='ran'\"><a href=\"javascript:document.title='ran'\">click</a>"
        + "<iframe src=\"https://127.0.0.1:9/x\"></iframe><link rel=stylesheet href=//127.0.0.1:9/y><style>@import '//127.0.0.1:9/z'</style><!--<![CDATA[ ${document.title='ran'} {{constructor.constructor('1')()}} "
        + "\u202e\u2066\u200b\u2028\u0007\u001b[31mred\u001b]8;;javascript:document.title='ran'\u0007link\u001b[0m __proto__ ' \" ` \\";

    [BrowserFact]
    public async Task Hostile_text_in_every_field_is_shown_and_runs_nothing()
    {
        using var bundle = TestBundle.Copy(
            Cases.Bundle("mixed-1001"),
            changeLines: static lines => lines.Select(static line => line.Length == 0 ? line : Poisoned(line)),
            changePayload: static (text, _) => Poisoned(text));
        var rollout = OpenRollout.Open(bundle.Open());
        rollout.Graph.ConversationItems.Count.ShouldBeGreaterThan(20);
        rollout.Graph.InferenceCalls.Values.ShouldAllBe(static call => call.Model.Contains("<script>"));

        await using var page = await chromium.OpenAsync(rollout);
        await LookAtEverythingAsync(page);

        await Expect(page.Conversation).ToContainTextAsync("</script><script>document.title='ran'</script>");
        await Expect(page.Conversation).ToContainTextAsync("U+202E");
        await CheckAsync(page);
    }

    [BrowserFact]
    public async Task Names_that_hide_or_turn_round_are_shown_by_their_characters_names_wherever_they_stand()
    {
        const string Turned = "\u202eevil\u2066\u200b";
        var name = JsonEncodedText.Encode(Turned, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        var arguments = JsonSerializer.Serialize(JsonSerializer.Serialize(new JsonObject { [Turned] = "a", ["in"] = new JsonObject { [Turned] = 1 } }));
        using var bundle = new TestBundle().WithTurn($"thread{Turned}", "turn-2", $"/root/{Turned}")
            .WithTurn()
            .Request("call-1", $$$$$"""{"{{{{{name}}}}}":1,"model":"{{{{{name}}}}}","instructions":"{{{{{name}}}}}","tools":[{"type":"function","name":"{{{{{name}}}}}","description":"{{{{{name}}}}}","parameters":{"properties":{"{{{{{name}}}}}":{}}}}],"input":[{"type":"{{{{{name}}}}}","{{{{{name}}}}}":1},{"type":"message","role":"user","content":[{"type":"input_text","text":"{{{{{name}}}}}"},{"type":"{{{{{name}}}}}","{{{{{name}}}}}":2}]}]}""")
            .Respond("call-1", $$$$$"""{"response_id":"r1","output_items":[{"type":"function_call","name":"{{{{{name}}}}}","call_id":"c{{{{{name}}}}}","arguments":{{{{{arguments}}}}}}]}""", "r1")
            .Request("call-2", $$$$$"""{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"{{{{{name}}}}}"}]},{"type":"function_call","name":"{{{{{name}}}}}","call_id":"c{{{{{name}}}}}","arguments":{{{{{arguments}}}}}},{"type":"function_call_output","call_id":"c{{{{{name}}}}}","output":"{{{{{name}}}}}"}]}""");

        await using var page = await chromium.OpenAsync(OpenRollout.Open(bundle.Open()));

        // The agent that is seen first has said nothing: the names are the other's.
        await page.Page.Keyboard.PressAsync("J");
        await page.Page.Keyboard.PressAsync("j");
        await Expect(page.Conversation.GetByRole(AriaRole.Term).Filter(new() { HasText = "U+202EevilU+2066U+200B" }).First).ToBeVisibleAsync();
        foreach (var panel in "123456")
        {
            await page.Page.Keyboard.PressAsync($"{panel}");
            for (var step = 0; step < 3; step++)
            {
                await page.Page.EvaluateAsync("document.querySelectorAll('details:not([open])').forEach(one => one.open = true)");
                await page.Page.Keyboard.PressAsync("w");
                (await page.Page.EvaluateAsync<string[]>("""
                    [...document.querySelectorAll('body *')].flatMap(one => [...one.childNodes].filter(node => node.nodeType === Node.TEXT_NODE && one.tagName !== 'SCRIPT').map(node => node.data)
                      .concat(['title', 'aria-label', 'aria-valuetext', 'alt', 'placeholder'].map(name => one.getAttribute(name) ?? ''))
                      .filter(text => /[\u200b\u202a-\u202e\u2066-\u2069]/.test(text)).map(text => `${one.tagName}.${one.className}: ${escape(text)}`))
                    """)).ShouldBeEmpty($"panel {panel}");
                await page.Page.Keyboard.PressAsync("k");
            }
        }

        await CheckAsync(page);
    }

    [BrowserFact]
    public async Task Ids_with_markup_lead_to_their_things()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("<img src=x onerror=alert(1)>?panel=x#%00&", """{"input":"go"}""")
            .Respond("<img src=x onerror=alert(1)>?panel=x#%00&", """{"response_id":"javascript:alert(1)","output_items":[{"type":"message","role":"assistant","content":"done"}]}""", "javascript:alert(1)");

        await using var page = await chromium.OpenAsync(OpenRollout.Open(bundle.Open()), "#javascript%3Aalert(1)");

        await Expect(page.Why.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("Why this request");
        await Expect(page.Why).ToContainTextAsync("<img src=x onerror=alert(1)>");
        await page.Page.WaitForURLAsync(static address => address.Contains(Uri.EscapeDataString("<img"), StringComparison.Ordinal));
        await CheckAsync(page);
    }

    [BrowserFact]
    public async Task Images_are_drawn_only_if_their_bytes_are_those_of_one()
    {
        const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        var svg = Convert.ToBase64String("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><image href='https://127.0.0.1:9/'/></svg>"u8);
        string[] urls =
        [
            $"data:image/png;base64,{Png}",
            $"data:image/svg+xml;base64,{svg}",
            $"data:image/png;base64,{svg}",
            "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
            "https://127.0.0.1:9/tracker.png",
            "javascript:alert(1)",
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUv////////////8=",
            "file:///etc/hostname",
        ];
        var parts = string.Join(',', urls.Select(static url => $$"""{"type":"input_image","image_url":{{JsonSerializer.Serialize(url)}}}"""));
        using var bundle = new TestBundle().WithTurn().Request("call-1", $$"""{"input":[{"type":"message","role":"user","content":[{{parts}}]}]}""");

        await using var page = await chromium.OpenAsync(OpenRollout.Open(bundle.Open()));

        await Expect(page.Conversation.GetByRole(AriaRole.Img)).ToHaveCountAsync(1);
        await Expect(page.Conversation.GetByText("no image that can be shown")).ToHaveCountAsync(urls.Length - 1);
        (await page.Conversation.GetByRole(AriaRole.Img).EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)")).ShouldBe(1);
        await CheckAsync(page);
    }

    [BrowserFact]
    public async Task A_line_of_ten_megabytes_is_shown_by_its_beginning()
    {
        var line = new string('x', 10_000_000);
        using var bundle = new TestBundle().WithTurn().Request("call-1", JsonSerializer.Serialize(new { instructions = line, input = line }));

        await using var page = await chromium.OpenAsync(OpenRollout.Open(bundle.Open()));

        var more = page.Conversation.GetByRole(AriaRole.Button, new() { Name = "Show more of" });
        await Expect(more).ToBeVisibleAsync();
        (await page.Page.EvaluateAsync<int>("document.body.innerText.length")).ShouldBeLessThan(20_000);
        await more.ClickAsync();
        (await page.Page.EvaluateAsync<int>("document.body.innerText.length")).ShouldBeInRange(100_000, 120_000);
        await page.Conversation.GetByText("Instructions").ClickAsync();
        await CheckAsync(page);
    }

    [BrowserFact]
    public async Task Json_as_deep_and_as_wide_as_it_may_be_opens_piece_by_piece()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":[", 5000)) + string.Concat(Enumerable.Repeat("]}", 5000));
        var wide = "{" + string.Join(',', Enumerable.Range(0, 20_000).Select(static i => $"\"__proto__{i}\":{i}")) + ",\"__proto__\":{\"polluted\":1},\"big\":12345678901234567890}";
        using var bundle = new TestBundle().WithTurn()
            .Request("call-1", $$"""{"input":[{"type":"function_call_output","call_id":"a","output":{{JsonSerializer.Serialize(deep)}}},{"type":"function_call_output","call_id":"b","output":{{JsonSerializer.Serialize(wide)}}}]}""");

        await using var page = await chromium.OpenAsync(OpenRollout.Open(bundle.Open()));

        await Expect(page.Conversation.GetByText("__proto__1", new() { Exact = true })).ToBeAttachedAsync();
        (await page.Page.EvaluateAsync<int>("document.querySelectorAll('*').length")).ShouldBeLessThan(3000);
        (await page.Page.EvaluateAsync<bool>("({}).polluted === undefined")).ShouldBeTrue();
        await CheckAsync(page);
    }

    // Every panel, every agent, every request, and all that opens.
    private static async Task LookAtEverythingAsync(ViewedPage page)
    {
        var tabs = page.Page.GetByRole(AriaRole.Tab);
        for (var tab = 0; tab < await tabs.CountAsync(); tab++)
        {
            await tabs.Nth(tab).ClickAsync();
            for (var step = 0; step < 12; step++)
            {
                await page.Page.Keyboard.PressAsync("k");
                await page.Page.Keyboard.PressAsync("w");
                await page.Page.EvaluateAsync("document.querySelectorAll('details:not([open])').forEach(one => one.open = true)");
            }
        }

        await tabs.First.ClickAsync();
        await page.Page.Keyboard.PressAsync("a");
        await page.Page.Keyboard.PressAsync("J");
        await page.Page.Keyboard.PressAsync("Escape");
        await page.Page.Keyboard.PressAsync("a");
    }

    private static async Task CheckAsync(ViewedPage page)
    {
        (await page.Page.TitleAsync()).ShouldEndWith("RolloutTrace");
        (await page.Page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('*')].flatMap(one => [
              ...[...one.attributes].filter(a => a.name.startsWith('on') || /^\s*javascript:/i.test(a.value) && a.name !== 'title' && a.name !== 'aria-label').map(a => `${one.tagName} ${a.name}=${a.value}`),
              ...(['IFRAME', 'OBJECT', 'EMBED', 'LINK', 'BASE', 'FORM'].includes(one.tagName) && one.method !== 'dialog' ? [one.tagName] : []),
              ...(one.tagName === 'IMG' && !one.src.startsWith('blob:') ? [`IMG ${one.src}`] : []),
              ...(one.tagName === 'A' && !one.getAttribute('href').startsWith('#') ? [`A ${one.getAttribute('href')}`] : []),
            ])
            """)).ShouldBeEmpty();
        (await page.Page.EvaluateAsync<int>("document.scripts.length")).ShouldBeLessThan(4);
        page.Misdeeds.ShouldBeEmpty();
    }

    private static string Poisoned(string json)
    {
        try
        {
            var node = JsonNode.Parse(json)!;
            Poison(node);
            return node.ToJsonString();
        }
        catch (JsonException)
        {
            return json;
        }
    }

    // What the reader goes by stays: types, ids, paths and statuses.
    private static void Poison(JsonNode node)
    {
        if (node is JsonArray list)
        {
            foreach (var entry in list.OfType<JsonNode>())
            {
                Poison(entry);
            }
        }
        else if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                if (value is JsonValue text && text.TryGetValue<string>(out var was))
                {
                    if (!(name is "type" or "role" or "status" or "path" or "kind" or "previous_response_id" or "agent_path" or "requester" || name.EndsWith("id", StringComparison.Ordinal)))
                    {
                        members[name] = name == "arguments" ? JsonSerializer.Serialize(new { cmd = Hostile, was }) : Hostile + was;
                    }
                }
                else if (value is not null)
                {
                    Poison(value);
                }
            }
        }
    }
}
