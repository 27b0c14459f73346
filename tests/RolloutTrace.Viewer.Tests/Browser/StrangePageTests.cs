using Microsoft.Playwright;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Viewer.Tests.Browser;

/// <summary>Another page in the same browser tries to read what is served. It even knows the whole address, which it never should.</summary>
[Collection(BrowserTests.Name)]
public sealed class StrangePageTests(ChromiumFixture chromium)
{
    private const string Secret = "mixed-1001";

    private const string Attempts = """
        async address => {
          const got = [];
          const tryTo = async (name, attempt) => {
            try {
              const text = await Promise.race([attempt(), new Promise(resolve => setTimeout(() => resolve(null), 1500))]);
              text && got.push(`${name}: ${String(text).slice(0, 200)}`);
            } catch { }
          };
          const load = (tag, set) => new Promise((resolve, reject) => {
            const element = Object.assign(document.createElement(tag), set);
            element.onload = () => resolve(element);
            element.onerror = reject;
            document.body.append(element);
          });
          for (const place of ['', 'list', 'data?name=mixed-1001', 'rollout?name=mixed-1001']) {
            await tryTo(`fetch ${place}`, async () => await (await fetch(address + place)).text());
            await tryTo(`fetch with credentials ${place}`, async () => await (await fetch(address + place, { credentials: 'include' })).text());
            await tryTo(`opaque fetch ${place}`, async () => await (await fetch(address + place, { mode: 'no-cors' })).text());
            await tryTo(`post ${place}`, async () => await (await fetch(address + place, { method: 'POST', body: 'x' })).text());
            await tryTo(`frame ${place}`, async () => (await load('iframe', { src: address + place })).contentDocument?.documentElement.textContent);
            await tryTo(`script ${place}`, async () => (await load('script', { src: address + place })) && 'ran');
            await tryTo(`image ${place}`, async () => (await load('img', { src: address + place })) && 'drawn');
          }
          await tryTo('events', () => new Promise((resolve, reject) => {
            const events = new EventSource(address + 'changes');
            events.onmessage = event => resolve(event.data);
            events.onerror = reject;
          }));
          return got;
        }
        """;

    [BrowserFact]
    public async Task It_reads_nothing()
    {
        using var server = await ServeProcess.StartAsync(Path.GetDirectoryName(Path.GetDirectoryName(Cases.Bundle(Secret)))!);
        await using var page = await chromium.NewPageAsync(isStrange: true);
        foreach (var origin in new[] { "http://evil.example/", $"http://127.0.0.1:{server.Address.Port ^ 1}/", $"http://localhost:{server.Address.Port}/stranger/" })
        {
            await page.Page.RouteAsync(origin, static route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><title>strange</title><body>" }));
            await page.Page.GotoAsync(origin);

            (await page.Page.EvaluateAsync<string[]>(Attempts, server.Address.AbsoluteUri)).ShouldBeEmpty(origin);
        }
    }

    [BrowserFact]
    public async Task A_form_of_its_gets_nothing()
    {
        using var server = await ServeProcess.StartAsync(Path.GetDirectoryName(Path.GetDirectoryName(Cases.Bundle(Secret)))!);
        foreach (var method in new[] { "get", "post" })
        {
            // A page each: the answer to a form comes before the page goes there, and it would go while it is sent elsewhere.
            await using var page = await chromium.NewPageAsync(isStrange: true);
            await page.Page.RouteAsync("http://evil.example/", static route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><title>strange</title><body>" }));
            await page.Page.GotoAsync("http://evil.example/");
            var answer = await page.Page.RunAndWaitForResponseAsync(
                () => page.Page.EvaluateAsync($$"""address => { const form = Object.assign(document.createElement('form'), { action: address, method: '{{method}}' }); document.body.append(form); setTimeout(() => form.submit()); }""", server.Address.AbsoluteUri),
                response => response.Url.StartsWith(server.Site.AbsoluteUri, StringComparison.Ordinal));

            answer.Status.ShouldBe(method == "get" ? 403 : 405);
        }
    }

    [BrowserFact]
    public async Task A_name_that_is_rebound_to_this_machine_is_not_answered()
    {
        using var server = await ServeProcess.StartAsync(Path.GetDirectoryName(Path.GetDirectoryName(Cases.Bundle(Secret)))!);
        await using var page = await chromium.NewPageAsync(isStrange: true);
        var rebound = server.Address.AbsoluteUri.Replace("127.0.0.1", "rebound.example", StringComparison.Ordinal);

        var answer = await page.Page.GotoAsync(rebound);

        answer!.Status.ShouldBe(403);
        (await page.Page.ContentAsync()).ShouldContain("This address is not the one that rollout-trace printed.");
        (await page.Page.GotoAsync(rebound + "list"))!.Status.ShouldBe(403);
    }

    [BrowserFact]
    public async Task The_address_is_not_told_to_anybody_the_person_goes_to_from_there()
    {
        using var server = await ServeProcess.StartAsync(Path.GetDirectoryName(Path.GetDirectoryName(Cases.Bundle(Secret)))!);
        await using var page = await chromium.NewPageAsync(isStrange: true);
        var told = new List<string?>();
        await page.Page.RouteAsync("http://evil.example/", route =>
        {
            told.Add(route.Request.Headers.GetValueOrDefault("referer"));
            return route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><title>strange</title>" });
        });
        await page.GoToAsync(server.Address.AbsoluteUri);

        await page.Page.RunAndWaitForResponseAsync(() => page.Page.EvaluateAsync("setTimeout(() => { location.href = 'http://evil.example/'; })"), "http://evil.example/");
        await page.Page.WaitForFunctionAsync("document.title === 'strange'");

        told.ShouldBe([null]);
        (await page.Page.EvaluateAsync<string>("document.referrer")).ShouldBe("");
        (await page.Page.EvaluateAsync<bool>("opener === null")).ShouldBeTrue();
    }
}
