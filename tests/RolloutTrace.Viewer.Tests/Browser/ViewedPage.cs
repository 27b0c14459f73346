using Microsoft.Playwright;

namespace RolloutTrace.Viewer.Tests.Browser;

/// <summary>A page in a browser, and all that it did which a page of ours must not: it is empty when the page is closed.</summary>
internal sealed class ViewedPage : IAsyncDisposable
{
    private readonly IBrowserContext context;

    public ViewedPage(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Misdeeds.Add($"console: {message.Text}");
            }
        };
        page.PageError += (_, error) => Misdeeds.Add($"error: {error}");
        page.Dialog += (_, dialog) =>
        {
            Misdeeds.Add($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        context.Page += (_, other) => Misdeeds.Add($"opened: {other.Url}");
        context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("blob:", StringComparison.Ordinal) && request.Url.Split('#')[0] != Address && (Site is null || !request.Url.StartsWith(Site, StringComparison.Ordinal)))
            {
                Misdeeds.Add($"request: {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    public string? Address { get; private set; }

    /// <summary>Below which the page may ask for what it shows; null if it has all.</summary>
    public string? Site { get; init; }

    /// <summary>Whether it is somebody else's page, of which nothing is expected.</summary>
    public bool IsStrange { get; init; }

    /// <summary>Whether what it asks for may not be there, which browsers say by themselves, once each time.</summary>
    public bool MayAskInVain { get; set; }

    public List<string> Misdeeds { get; } = [];

    public ILocator Conversation => Page.GetByRole(AriaRole.Region, new() { Name = "Conversation" });

    public ILocator Why => Page.GetByRole(AriaRole.Complementary, new() { Name = "Why" });

    /// <param name="address">Of the page.</param>
    /// <param name="isShown">Whether the page is waited for until it shows something.</param>
    public async Task GoToAsync(string address, bool isShown = true)
    {
        Address = address.Split('#')[0];
        await Page.GotoAsync(address);
        if (isShown)
        {
            await Page.GetByRole(AriaRole.Main).WaitForAsync();
        }
    }

    /// <summary>Waits until the page has opened all of its rollout, and not only what is seen first.</summary>
    public Task WholeAsync() => Page.EvaluateAsync("""
        async () => {
          for (let look = 0; performance.getEntriesByName('whole').length === 0; look++) {
            if (look > 3000) {
              throw new Error('the rest of the rollout is not opened');
            }

            await new Promise(resolve => setTimeout(resolve, 10));
          }
        }
        """);

    /// <summary>All items of the conversation by what they are called, from the first to the last: those that are in the document only when one gets there too.</summary>
    public async Task<IReadOnlyList<string>> ItemsAsync() => await Conversation.EvaluateAsync<string[]>("""
        async panel => {
          const list = panel.querySelector('.rows');
          const found = new Map();
          let idle = 0;
          for (list.scrollTop = 0; ; list.scrollTop += list.clientHeight / 2) {
            await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
            const known = found.size;
            list.querySelectorAll('[role=article]').forEach(one => found.set(Number(one.getAttribute('aria-posinset')), one.getAttribute('aria-label')));
            if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) {
              return [...found].sort((a, b) => a[0] - b[0]).map(entry => entry[1]);
            }

            // A single item can be many screens high, but not without end.
            idle = found.size > known ? 0 : idle + 1;
            if (idle > 1000) {
              throw new Error(`the list goes on below ${list.scrollTop} of ${list.scrollHeight} and shows nothing new after ${found.size} items`);
            }
          }
        }
        """);

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        if (!IsStrange)
        {
            Misdeeds.Where(misdeed => !MayAskInVain || !misdeed.StartsWith("console: Failed to load resource", StringComparison.Ordinal)).ShouldBeEmpty();
        }
    }
}
