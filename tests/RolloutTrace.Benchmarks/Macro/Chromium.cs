using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>A headless Chromium that opens pages from their files and measures what a person would wait for.</summary>
internal sealed class Chromium : IDisposable
{
    // A row that was painted: what stood there before, which says that the rollout is opened, does not count.
    private const string FirstShown = """
        () => new Promise(done => new PerformanceObserver(list => {
          const row = list.getEntries().find(entry => entry.element?.closest('.item, .entry'));
          if (row) {
            done(String(row.startTime));
          }
        }).observe({ type: 'largest-contentful-paint', buffered: true }))
        """;

    private readonly IPlaywright playwright = Playwright.CreateAsync().GetAwaiter().GetResult();
    private readonly IBrowser browser;

    public Chromium() => browser = playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Path,
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    }).GetAwaiter().GetResult();

    /// <summary>The program; null if there is none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named
        : new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    /// <summary>
    /// From the beginning of opening a file to when the largest of what it first showed, which is a row, was on the screen, as the browser tells; and from
    /// asking for a new tab to when Playwright sees the rows, which has the browser's own work and the tool's in it. In milliseconds.
    /// </summary>
    public (double OfPage, double Outside) FirstRows(string file)
    {
        var start = Stopwatch.GetTimestamp();
        var page = Open(file);
        var outside = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return (Numbers(page, FirstShown)[0], outside);
    }

    /// <summary>From choosing a request to the frame that shows it: the median and the worst of 40, in milliseconds.</summary>
    public (double Median, double Worst) ShowRequests(string file)
    {
        var times = Numbers(Open(file), """
            async () => {
              const list = document.querySelector('.requests .rows');
              const times = [];
              for (let i = 0; i < 40; i++) {
                list.scrollTop = (i * 7919) % list.scrollHeight;
                await new Promise(done => setTimeout(done, 50));
                const start = performance.now();
                list.querySelector('.entry.request button:not([aria-current])').click();
                await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
                times.push(performance.now() - start);
              }
              return times.join(' ');
            }
            """);
        return (times[times.Length / 2], times[^1]);
    }

    /// <summary>Frames while one zooms and pans in the timeline: their median and their 95th percentile, in milliseconds.</summary>
    public (double Median, double Slow) ZoomFrames(string file)
    {
        var page = Open(file);
        page.Keyboard.PressAsync("3").GetAwaiter().GetResult();
        var frames = Numbers(page, """
            async () => {
              const stage = document.querySelector('.stage');
              const frames = [];
              let last = await new Promise(requestAnimationFrame);
              for (let i = 0; i < 240; i++) {
                stage.dispatchEvent(new WheelEvent('wheel', { deltaY: i < 120 ? -15 : 15, deltaX: 3, ctrlKey: i % 2 === 0, clientX: 600, clientY: 300, cancelable: true }));
                const now = await new Promise(requestAnimationFrame);
                frames.push(now - last);
                last = now;
              }
              return frames.join(' ');
            }
            """);
        return (frames[frames.Length / 2], frames[(int)(frames.Length * 0.95)]);
    }

    /// <summary>The most rows that are in the document at a time while one scrolls through all that was said.</summary>
    public int MostRows(string file)
    {
        var page = Open(file);
        page.Keyboard.PressAsync("a").GetAwaiter().GetResult();
        return (int)Numbers(page, """
            async () => {
              const list = document.querySelector('.conversation .rows');
              let most = 0;
              for (let i = 0; i <= 50; i++) {
                list.scrollTop = list.scrollHeight * i / 50;
                await new Promise(requestAnimationFrame);
                most = Math.max(most, document.querySelectorAll('[role=article], [role=listitem]').length);
              }
              return String(most);
            }
            """)[0];
    }

    public void Dispose()
    {
        browser.DisposeAsync().AsTask().GetAwaiter().GetResult();
        playwright.Dispose();
    }

    private static double[] Numbers(IPage page, string script)
    {
        var text = page.EvaluateAsync<string>(script).GetAwaiter().GetResult();
        page.CloseAsync().GetAwaiter().GetResult();
        return [.. text.Split(' ').Select(static number => double.Parse(number, CultureInfo.InvariantCulture)).Order()];
    }

    private IPage Open(string file)
    {
        var page = browser.NewPageAsync(new() { ViewportSize = new() { Width = 1360, Height = 860 } }).GetAwaiter().GetResult();
        page.GotoAsync(new Uri(file).AbsoluteUri).GetAwaiter().GetResult();
        page.Locator(".conversation .item").First.WaitForAsync().GetAwaiter().GetResult();
        return page;
    }
}
