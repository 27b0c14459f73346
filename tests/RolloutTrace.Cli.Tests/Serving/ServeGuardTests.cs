using System.Net;

namespace RolloutTrace.Cli.Tests.Serving;

/// <summary>Who may see what is served: the browser that was given the address, and no other site, user or program that only knows the port.</summary>
public sealed class ServeGuardTests : IAsyncLifetime, IDisposable
{
    private const string Secret = "mixed-1001";

    private static readonly string[] Pages = ["", "rollout?name=" + Secret];
    private static readonly string[] Data = ["list", "data?name=" + Secret, "evidence?name=" + Secret, "changes", "changes?name=" + Secret];

    private readonly TestDirectory directory = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private ServeProcess server = null!;

    public async Task InitializeAsync()
    {
        directory.Copy(Secret);
        server = await ServeProcess.StartAsync(directory.Path);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        server.Dispose();
        http.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task TheOwnPages_GetAll()
    {
        var origin = server.Site.GetLeftPart(UriPartial.Authority);
        foreach (var page in Pages)
        {
            (await StatusOf(page)).ShouldBe(HttpStatusCode.OK, page);
            (await StatusOf(page, ("Sec-Fetch-Site", "none"), ("Sec-Fetch-Dest", "document"))).ShouldBe(HttpStatusCode.OK, page);
        }

        foreach (var data in Data)
        {
            (await StatusOf(data, ("Sec-Fetch-Site", "same-origin"))).ShouldBe(HttpStatusCode.OK, data);
            (await StatusOf(data, ("Origin", origin))).ShouldBe(HttpStatusCode.OK, data);
        }
    }

    [Fact]
    public async Task AnotherSite_GetsNothing_HoweverItAsks()
    {
        (string, string)[][] strangers =
        [
            [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")],
            [("Origin", "https://evil.example")],
            [("Origin", "null")],
            [("Origin", "null"), ("Sec-Fetch-Site", "same-origin")],
            [("Origin", $"http://127.0.0.1:{server.Address.Port + 1}"), ("Sec-Fetch-Site", "same-site")],
            [("Origin", $"https://127.0.0.1:{server.Address.Port}")],
            [("Origin", $"http://localhost:{server.Address.Port}")],
            [("Origin", $"http://127.0.0.1:{server.Address.Port}.evil.example")],
            [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")],
            [("Sec-Fetch-Site", "same-site")],
            [("Sec-Fetch-Site", "none"), ("Sec-Fetch-Dest", "iframe")],
            [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Dest", "script")],
        ];
        foreach (var headers in strangers)
        {
            foreach (var place in Pages.Concat(Data))
            {
                (await StatusOf(place, headers)).ShouldBe(HttpStatusCode.Forbidden, $"{place} {string.Join(' ', headers)}");
            }
        }
    }

    [Fact]
    public async Task Content_IsNotForTheAddressBar()
    {
        foreach (var data in Data)
        {
            (await StatusOf(data, ("Sec-Fetch-Site", "none"))).ShouldBe(HttpStatusCode.Forbidden, data);
            (await StatusOf(data, ("Sec-Fetch-Site", "none"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"))).ShouldBe(HttpStatusCode.Forbidden, data);
        }
    }

    // As Safari before 16.4.
    [Fact]
    public async Task ABrowserThatSaysNothingOfWhoAsks_IsAnsweredByTheToken()
    {
        foreach (var place in Pages.Concat(Data))
        {
            (await StatusOf(place)).ShouldBe(HttpStatusCode.OK, place);
        }
    }

    [Fact]
    public async Task OfSuchABrowser_AnotherPageGetsNothing()
    {
        foreach (var data in Data)
        {
            (await StatusOf(data, ("Origin", "https://evil.example"))).ShouldBe(HttpStatusCode.Forbidden, data);
            (await StatusOf(data, ("Origin", "null"))).ShouldBe(HttpStatusCode.Forbidden, data);
            (await StatusOf(data, ("Referer", "https://evil.example/"))).ShouldBe(HttpStatusCode.Forbidden, data);
            (await StatusOf(data, ("Referer", server.Address.AbsoluteUri))).ShouldBe(HttpStatusCode.Forbidden, $"{data}: the pages here send none");
            (await StatusOf(data, ("Host", $"evil.example:{server.Address.Port}"))).ShouldBe(HttpStatusCode.Forbidden, data);
        }
    }

    [Fact]
    public async Task ANameThatIsMadeToMeanThisMachine_IsRefused()
    {
        foreach (var host in new[] { "evil.example", $"evil.example:{server.Address.Port}", "127.0.0.1", $"127.0.0.1:{server.Address.Port + 1}", $"127.0.0.1.evil.example:{server.Address.Port}", $"[::1]:{server.Address.Port}", $"0.0.0.0:{server.Address.Port}" })
        {
            foreach (var place in Pages.Concat(Data))
            {
                (await StatusOf(place, ("Host", host), ("Sec-Fetch-Site", "same-origin"))).ShouldBe(HttpStatusCode.Forbidden, $"{place} {host}");
                (await StatusOf(place, ("Host", host), ("Origin", $"http://{host}"), ("Sec-Fetch-Site", "same-origin"))).ShouldBe(HttpStatusCode.Forbidden, $"{place} {host}");
            }
        }
    }

    [Fact]
    public async Task WithoutTheToken_ThereIsNothing()
    {
        var token = server.Address.Segments[1].TrimEnd('/');
        token.Length.ShouldBe(64);
        foreach (var path in new[] { "/", "/list", "//list", "/" + token[..^1] + "/list", $"/{token}x/list", $"/{token.ToUpperInvariant()}/list", "/" + new string('0', 64) + "/list", $"/?token={token}", $"/list?token={token}", $"/../{token[..63]}/list", "/" + new string('a', 5000) + "/" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Site.AbsoluteUri.TrimEnd('/') + path)) { Headers = { { "Sec-Fetch-Site", "same-origin" } } };
            using var answer = await http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
            (await answer.Content.ReadAsStringAsync()).ShouldNotContain(Secret);
        }
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("HEAD")]
    [InlineData("TRACE")]
    public async Task NothingCanBeWritten(string method)
    {
        foreach (var place in Pages.Concat(Data))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Address, place)) { Headers = { { "Sec-Fetch-Site", "same-origin" } } };
            using var answer = await http.SendAsync(request);

            answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed, place);
            answer.Headers.Where(header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task EachAnswer_KeepsTheAddressAndWhatItHoldsToItself()
    {
        foreach (var place in Pages.Concat(Data).Append("nowhere"))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, place)) { Headers = { { "Sec-Fetch-Site", "same-origin" } } };
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

            string Header(string name) => string.Join(", ", answer.Headers.GetValues(name));
            Header("X-Content-Type-Options").ShouldBe("nosniff", place);
            Header("Referrer-Policy").ShouldBe("no-referrer", place);
            Header("Cross-Origin-Resource-Policy").ShouldBe("same-origin", place);
            Header("Cache-Control").ShouldBe("no-store", place);
            Header("X-Frame-Options").ShouldBe("DENY", place);
            Header("Content-Security-Policy").ShouldStartWith("default-src 'none'; ", Case.Sensitive, place);
            Header("Content-Security-Policy").ShouldEndWith("frame-ancestors 'none'", Case.Sensitive, place);
            Header("Content-Security-Policy").ShouldNotContain("unsafe");
            answer.Headers.Contains("Set-Cookie").ShouldBeFalse(place);
            answer.Headers.Where(header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Pages_HaveNothingOfARolloutInThem()
    {
        foreach (var page in Pages)
        {
            var html = await http.GetStringAsync(new Uri(server.Address, page));
            html.ShouldStartWith("<!doctype html>");
            html.ShouldNotContain(Secret);
            html.ShouldNotContain(server.Address.Segments[1].TrimEnd('/'));
        }
    }

    private async Task<HttpStatusCode> StatusOf(string place, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, place));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            (await answer.Content.ReadAsStringAsync()).ShouldNotContain(Secret);
        }

        return answer.StatusCode;
    }
}
