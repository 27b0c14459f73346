using RolloutTrace.Benchmarks.Reducing;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>The page that <c>rollout-trace view</c> makes: how large it is, what making it costs, and how fast it answers in a browser.</summary>
internal static class ViewRows
{
    private const int MostPageBytes = 3_000_000;
    private const int BoundariesTurns = 1250;
    private const int ManyItems = 100_000;

    public static IEnumerable<MacroRow> All(BundleStore bundles)
    {
        var bundle = bundles.Get(400);
        using var pages = new ScratchDirectory();
        var page = Path.Join(pages.FullName, "400.html");
        yield return MacroRow.AtMost(
            1.5,
            "view, 400 turns, against reduce",
            "<= 1.5 x reducing the bundle",
            PairedRatio.Of(
                5,
                () => ChildProcess.Milliseconds(Programs.CommandLineTool, "view", bundle, "-o", page),
                () => ChildProcess.Milliseconds(Programs.CommandLineTool, "reduce", bundle)),
            "ms, whole processes");
        var bytes = new FileInfo(page).Length;
        yield return Row("size of the page, 400 turns", "<= 3 MB", $"{bytes / 1e6:F2} MB", bytes <= MostPageBytes, "the HTML file, with its evidence");
        if (Chromium.Path is null)
        {
            yield return Row("the page in a browser", "", "not measured", reached: null, "there is no Chromium here: CHROMIUM names none");
            yield break;
        }

        var many = Path.Join(pages.FullName, "many.html");
        ChildProcess.Milliseconds(Programs.CommandLineTool, "view", WithManyItems(pages.FullName), "-o", many);
        var timeline = Path.Join(pages.FullName, "timeline.html");
        ChildProcess.Milliseconds(Programs.CommandLineTool, "view", bundles.Get(BoundariesTurns), "-o", timeline);
        foreach (var row in InBrowser(page, many, timeline))
        {
            yield return row;
        }
    }

    private static MacroRow[] InBrowser(string page, string many, string timeline)
    {
        using var chromium = new Chromium();
        var firsts = Enumerable.Range(0, 5).Select(_ => chromium.FirstRows(page)).ToArray();
        var first = PairedRatio.Median(firsts.Select(static time => time.OfPage));
        var (request, worst) = chromium.ShowRequests(page);
        var (frame, slow) = chromium.ZoomFrames(timeline);
        var rows = chromium.MostRows(many);
        return
        [
            Row("first rows of the page, 400 turns", "<= 1 s after opening", $"{first:F0} ms", first <= 1000, $"painted, from file://, headless Chromium, median of 5; with a new tab and Playwright {PairedRatio.Median(firsts.Select(static time => time.Outside)):F0} ms"),
            Row("a request is shown, 400 turns", "<= 100 ms", $"{worst:F0} ms", worst <= 100, $"the worst of 40 all over the thread; median {request:F0} ms"),
            Row("frames of the timeline, 10,000 boundaries", "<= 16.7 ms", $"{slow:F1} ms", slow <= 17, $"95th percentile of 240 frames of zooming and panning; median {frame:F1} ms"),
            Row("rows in the document, 100,000 items", "<= 200", $"{rows}", rows <= 200, "the most while scrolling through all that was said"),
        ];
    }

    private static MacroRow Row(string measure, string goal, string found, bool? reached, string basis) =>
        new() { Measure = measure, Goal = goal, Found = found, Reached = reached, Basis = basis };

    private static string WithManyItems(string directory)
    {
        var items = Enumerable.Range(0, ManyItems).Select(static i => $$"""{"type":"message","role":"{{(i % 2 == 0 ? "user" : "assistant")}}","content":"Item {{i}} {{new string('x', i % 300)}}"}""");
        using var bundle = new TestBundle().WithTurn().Request("call-1", $$"""{"input":[{{string.Join(',', items)}}]}""");
        bundle.Open();
        var copy = Path.Join(directory, "many");
        Directory.CreateDirectory(Path.Join(copy, BundleLayout.PayloadsDirectoryName));
        foreach (var file in Directory.GetFiles(bundle.Directory, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Join(copy, Path.GetRelativePath(bundle.Directory, file)));
        }

        return copy;
    }
}
