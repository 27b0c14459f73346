using System.Diagnostics;
using Microsoft.Playwright;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;

namespace RolloutTrace.Viewer.Tests.Browser;

/// <summary>One browser for all tests that look at pages, and the pages that several of them look at. Nothing is started before it is needed.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    private readonly Lazy<Task<(IPlaywright, IBrowser)>> browser = new(StartAsync);
    private readonly Lazy<string> agent;
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-viewer-");

    public ChromiumFixture() => agent = new Lazy<string>(RunCodingAgent);

    /// <summary>The bundle that the coding agent left.</summary>
    internal OpenRollout CodingAgent => OpenRollout.Open(BundleReader.Open(agent.Value));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (browser.IsValueCreated)
        {
            var (playwright, chromium) = await browser.Value;
            await chromium.DisposeAsync();
            playwright.Dispose();
        }

        directory.Delete(recursive: true);
    }

    /// <summary>Opens the page of a rollout from its file, as a person does.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="at">What stands behind the file's name in the address.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="options">How to make the page.</param>
    internal async Task<ViewedPage> OpenAsync(OpenRollout rollout, string at = "", ColorScheme scheme = ColorScheme.Light, RolloutPageOptions? options = null)
    {
        var viewed = await OpenPageAsync(stream => RolloutPage.Write(rollout, stream, options), scheme, at);
        await viewed.WholeAsync();
        return viewed;
    }

    /// <summary>Opens a page from its file.</summary>
    /// <param name="write">Writes it.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="at">What stands behind the file's name in the address.</param>
    internal async Task<ViewedPage> OpenPageAsync(Action<Stream> write, ColorScheme scheme = ColorScheme.Light, string at = "")
    {
        var address = AddressOf(write) + at;
        var viewed = await NewPageAsync(scheme);
        await viewed.GoToAsync(address);
        return viewed;
    }

    /// <summary>The address of a page in a file.</summary>
    /// <param name="write">Writes it.</param>
    internal string AddressOf(Action<Stream> write)
    {
        var file = Path.Join(directory.FullName, $"{Guid.NewGuid():N}.html");
        using var stream = File.Create(file);
        write(stream);
        return new Uri(file).AbsoluteUri;
    }

    /// <summary>A page in a browser of its own, as far as it can tell.</summary>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="site">Below which it may ask for what it shows; null if it is to have all.</param>
    /// <param name="isStrange">Whether it will be somebody else's page, which may do anything.</param>
    internal async Task<ViewedPage> NewPageAsync(ColorScheme scheme = ColorScheme.Light, string? site = null, bool isStrange = false)
    {
        var (_, chromium) = await browser.Value;
        var context = await chromium.NewContextAsync(new() { ViewportSize = new() { Width = 1360, Height = 860 }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        return new ViewedPage(context, await context.NewPageAsync()) { Site = site, IsStrange = isStrange };
    }

    private static async Task<(IPlaywright, IBrowser)> StartAsync()
    {
        // A machine that runs all tests at once is slower than a person's.
        Assertions.SetDefaultExpectTimeout(30_000);
        var playwright = await Playwright.CreateAsync();
        return (playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = BrowserFactAttribute.Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP *.example 127.0.0.1"],
        }));
    }

    private string RunCodingAgent()
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Join(AppContext.BaseDirectory, "CodingAgent.dll")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory.FullName,
        };
        start.Environment["ROLLOUT_TRACE_ROOT"] = Path.Join(directory.FullName, "bundles");
        start.Environment.Remove("OPENAI_API_KEY");
        start.Environment.Remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, errors.GetAwaiter().GetResult());
        return Directory.GetDirectories(Path.Join(directory.FullName, "bundles")).ShouldHaveSingleItem();
    }
}

/// <summary>The tests that share the browser. They do not run beside each other: a page is looked at without another in its way.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<ChromiumFixture>
{
    public const string Name = "in a browser";
}
