using Microsoft.Playwright;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Joining;
using RolloutTrace.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace RolloutTrace.Viewer.Tests.Browser;

/// <summary>A rollout that two processes have recorded, one of them with a clock that is more than an hour behind.</summary>
[Collection(BrowserTests.Name)]
public sealed class JoinedTimelineTests(ChromiumFixture chromium) : IDisposable
{
    private const string Helper = "019d0000-0000-7000-8000-000000000002";

    private const string Caller = $",\"caller\":{{\"rollout_id\":\"{TestBundle.Root}\",\"thread_id\":\"{TestBundle.Root}\",\"tool_call_id\":\"call_1\"}}";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-lanes-");

    [BrowserFact]
    public async Task The_lanes_of_a_process_are_together_under_its_name_and_what_was_done_to_its_clock()
    {
        var rollout = Joined();
        await using var page = await chromium.OpenAsync(rollout, "#/root?panel=timeline");

        var stage = page.Page.GetByRole(AriaRole.Slider);
        await Expect(stage).ToBeVisibleAsync();
        var names = await page.Page.EvaluateAsync<string[]>("""
            async () => {
              const drawn = [];
              const fillText = CanvasRenderingContext2D.prototype.fillText;
              CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) { drawn.push(text); return fillText.call(this, text, ...rest); };
              document.querySelector('.stage').dispatchEvent(new WheelEvent('wheel', { deltaY: 1, cancelable: true }));
              await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
              return drawn;
            }
            """);
        names.Where(static name => name.StartsWith("process", StringComparison.Ordinal) || name.StartsWith('/')).ShouldBe(
            ["/root", "/root/agent", "process 1: root", "process 2: agent  ·  clock moved by +1 h 6 min"], ignoreOrder: true);
        if (Environment.GetEnvironmentVariable("ROLLOUT_TRACE_SCREENSHOTS") is { Length: > 0 } kept)
        {
            await File.WriteAllBytesAsync(Path.Join(kept, "lanes.png"), await page.Page.ScreenshotAsync());
        }
    }

    [Fact]
    public void The_document_has_the_processes_and_which_threads_are_theirs()
    {
        var data = Documents.Of(Joined()).Data;

        data.GetProperty("processes").EnumerateArray().Select(static process => process.GetProperty("name").GetString()).ShouldBe(["root", "agent"]);
        data.GetProperty("processes")[1].GetProperty("rollout_id").GetString().ShouldBe(Helper);
        data.GetProperty("threads").EnumerateArray().Select(static thread => thread.GetProperty("process").GetInt32()).ShouldBe([0, 1]);
    }

    [Fact]
    public void A_rollout_of_one_process_has_none()
    {
        using var bundle = new TestBundle();

        Documents.Of(OpenRollout.Open(bundle.WithTurn().Open())).Data.TryGetProperty("processes", out _).ShouldBeFalse();
    }

    public void Dispose() => directory.Delete(recursive: true);

    private OpenRollout Joined()
    {
        using var caller = new TestBundle().WithTurn();
        caller.Request("r-1", """{"input":[]}""").Respond("r-1", """{"output_items":[]}""");
        caller.Append(new ToolCallStartedEvent
        {
            ToolCallId = "call_1",
            ModelVisibleCallId = "call_1",
            Requester = ToolRequester.Model,
            Kind = ToolCallKind.ForOther("ask"),
            Summary = new GenericSummary { Label = "ask" },
        });
        using var called = new TestBundle().WithTurn();
        called.Request("r-1", """{"input":[]}""").Respond("r-1", """{"output_items":[]}""");
        called.Open();
        foreach (var file in (string[])["manifest.json", "trace.jsonl"])
        {
            // As another process had it, 4000 seconds ago by its clock.
            var path = Path.Join(called.Directory, file);
            File.WriteAllText(path, File.ReadAllText(path).Replace(TestBundle.Root, Helper, StringComparison.Ordinal).Replace("trace-1", "trace-2", StringComparison.Ordinal)
                .Replace("1770000", "1769996", StringComparison.Ordinal).Replace(",\"payloads_dir\"", Caller + ",\"payloads_dir\"", StringComparison.Ordinal));
        }

        caller.Open();
        var target = Path.Join(directory.FullName, "joined");
        RolloutJoiner.Join([JoinSource.InDirectory(caller.Directory), JoinSource.InDirectory(called.Directory)], target).Apart.ShouldBeEmpty();
        return OpenRollout.Open(BundleReader.Open(target));
    }
}
