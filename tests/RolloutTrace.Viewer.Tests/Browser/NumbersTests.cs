using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;
using RolloutTrace.Viewer.Page;

namespace RolloutTrace.Viewer.Tests.Browser;

/// <summary>
/// What a person reads on the panels is what <c>inspect</c>, <c>context</c>, <c>cache</c>, <c>transcript</c>, <c>explain</c>, <c>anomalies</c> and <c>grep</c> answer, number by
/// number, of the field's bundles and of the conformance cases with most in them.
/// </summary>
[Collection(BrowserTests.Name)]
public sealed class NumbersTests(ChromiumFixture chromium)
{
    private const string Pattern = "e";

    private static readonly JsonSerializerOptions Members = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    [BrowserFact]
    public Task Of_a_coding_agent() => ShouldAgreeAsync([("the coding agent", chromium.CodingAgent)]);

    [BrowserFact]
    public Task Of_bundles_from_the_field() => ShouldAgreeAsync(FieldCase.Names.Select(static name => (name, OpenRollout.Open(BundleReader.Open(FieldCase.Bundle(name))))));

    [BrowserFact]
    public Task Of_several_agents() => ShouldAgreeAsync(Named("multi-1001", "multi-1004", "multi-1007", "multi-1010", "multi-1013"));

    [BrowserFact]
    public Task Of_all_that_may_happen() => ShouldAgreeAsync(Named("mixed-1001", "mixed-1005", "mixed-1010", "mixed-1016", "mixed-1024", "cell-nested-tools-ordinal", "compaction-replays-calls"));

    [BrowserFact]
    public Task Of_what_is_damaged() => ShouldAgreeAsync(Named("broken-1001", "broken-1003", "broken-1007", "broken-1012", "incremental-unknown-refused", "input-not-a-list-refused"));

    [BrowserFact]
    public Task Of_histories_that_change() => ShouldAgreeAsync(Named(
        "compaction-then-full", "compaction-twice-before-request", "compaction-then-incremental-keeps-baseline", "reordered-history", "shorter-request-forgets-tail", "incremental-requests", "message-with-image-seen-twice"));

    [BrowserFact]
    public async Task Are_written_as_Intl_writes_them()
    {
        await using var page = await chromium.NewPageAsync();

        (await page.Page.EvaluateAsync<string[]>($$"""
            () => {
              {{PageSources.Read("format.js").Replace("export ", "", StringComparison.Ordinal)}}
              const en = options => new Intl.NumberFormat('en', options);
              const [whole, compact, percent] = [en(), en({ notation: 'compact', maximumFractionDigits: 1 }), en({ style: 'percent', maximumFractionDigits: 1 })];
              const clock = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });
              const numbers = [0, 7, 999, 1000, 9999, 10000, 10049, 10050, 12350, 999949, 999950, 1234567, 999949999, 999950000, 1e12, 123456789012345];
              for (let n = 1, i = 0; i < 3000; i++, n = n * 48271 % 2147483647) {
                numbers.push(n, n % 100000, n * 4001);
              }
              const differ = (name, ours, theirs) => ours === theirs.replace(' ', ' ') ? [] : [`${name}: ${ours} and not ${theirs}`];
              return numbers.flatMap(n => [
                ...differ('count', count(n), whole.format(n)), ...differ('short', short(n), n < 10000 ? whole.format(n) : compact.format(n)),
                ...differ('percentage', percentage(n % 1000 / 999), percent.format(n % 1000 / 999)), ...differ('time', time(n * 997 % 4e12), `${clock.format(n * 997 % 4e12)} UTC`),
              ]).slice(0, 10);
            }
            """)).ShouldBeEmpty();
    }

    private static IEnumerable<(string, OpenRollout)> Named(params string[] names) => names.Select(static name => (name, Cases.Open(name)));

    private async Task ShouldAgreeAsync(IEnumerable<(string Name, OpenRollout Rollout)> rollouts)
    {
        var differ = new List<string>();
        var all = rollouts.ToList();
        all.ShouldNotBeEmpty();

        // One tab for all: a browser takes longer for a new one than the page for its numbers.
        await using var page = await chromium.NewPageAsync();
        foreach (var (name, rollout) in all)
        {
            await page.GoToAsync(chromium.AddressOf(stream => RolloutPage.Write(rollout, stream)));
            await page.WholeAsync();
            var shown = (await page.Page.EvaluateAsync<JsonElement>(ReadPanels, Pattern)).Deserialize<ShownNumbers>(Members)!;
            Compare(differ, $"{name}, banner", Banner(rollout), shown.Banner);
            Compare(differ, $"{name}, agents", AgentsOf(rollout), shown.Agents);
            Compare(differ, $"{name}, findings", Findings(rollout), shown.Findings);
            Compare(differ, $"{name}, hits", Hits(rollout), shown.Hits);
            var threads = rollout.Graph.Threads.Values.OrderBy(static thread => thread.Execution.StartedSeq).ToList();
            shown.Threads.Count.ShouldBe(threads.Count, name);
            foreach (var (thread, ofThread) in threads.Zip(shown.Threads))
            {
                var place = $"{name}, {thread.AgentPath}";
                Compare(differ, $"{place}, requests", RequestsOf(rollout, thread), ofThread.Requests);
                Compare(differ, $"{place}, steps", StepsOf(rollout, thread), ofThread.Steps);
                Compare(differ, $"{place}, origins", OriginsOf(rollout, thread), ofThread.Origins);
                Compare(differ, $"{place}, misses", MissesOf(rollout, thread), ofThread.Misses);
                Compare(differ, $"{place}, compactions", CompactionsOf(rollout, thread), ofThread.Compactions);
            }
        }

        differ.ShouldBeEmpty();
    }

    private static void Compare(List<string> differ, string place, IEnumerable<string> answered, IReadOnlyList<string> shown)
    {
        var (a, b) = (answered.ToList(), shown);
        for (var i = 0; i < Math.Max(a.Count, b.Count); i++)
        {
            var (said, seen) = (a.ElementAtOrDefault(i), b.ElementAtOrDefault(i));
            if (!string.Equals(said, seen, StringComparison.Ordinal))
            {
                differ.Add($"{place}, {i + 1}: the answer is '{said}', the page says '{seen}'");
            }
        }
    }

    private static IEnumerable<string> Banner(OpenRollout rollout)
    {
        var answer = InspectAnswer.Of(rollout, []);
        string?[] facts =
        [
            KindName.Of(answer.Status),
            Of(answer.Agents, "agent"),
            Of(answer.Turns, "turn"),
            Of(answer.Requests, "request"),
            Of(answer.ToolCalls, "tool call"),
            answer.Compactions > 0 ? Of(answer.Compactions, "compaction") : null,
            answer.Usage is { } usage ? $"{Short(usage.InputTokens)} tokens in ({Short(usage.CachedInputTokens)} cached), {Short(usage.OutputTokens)} out" : null,
        ];
        return facts.OfType<string>();
    }

    private static IEnumerable<string> AgentsOf(OpenRollout rollout)
    {
        var sessions = Flat(RolloutOutline.Of(rollout)).Where(static node => node.Kind == OutlineKind.Session).ToDictionary(static node => node.Id, StringComparer.Ordinal);
        return rollout.Graph.Threads.Values.OrderBy(static thread => thread.Execution.StartedSeq).Select(thread =>
            $"{thread.AgentPath}|{rollout.Index.RequestsOfThread(thread.ThreadId).Count}|{(sessions[thread.ThreadId].Usage is { } usage ? $"{Short(usage.InputTokens)}|{Short(usage.OutputTokens)}" : "|")}");
    }

    private static IEnumerable<OutlineNode> Flat(IEnumerable<OutlineNode> nodes) => nodes.SelectMany(static node => Flat(node.Children).Prepend(node));

    private static IEnumerable<string> Findings(OpenRollout rollout) => RolloutAnomalies.Find(rollout)
        .GroupBy(static finding => finding.Code)
        .Select(static kind => $"{kind.Key.Replace('_', ' ')} {Count(kind.Count())}")
        .Append(Flat(RolloutOutline.Of(rollout)).Count(static node => node.IsFailure) is > 0 and var failed ? $"What failed or was given up: {Count(failed)}" : "Nothing failed")
        .Append(rollout.Diagnostics.Count == 0 ? "The bundle is sound" : $"What is wrong with the bundle: {Count(rollout.Diagnostics.Count)}");

    private static string[] Hits(OpenRollout rollout) =>
        [Of(RolloutSearch.Find(rollout, new Regex(Pattern, RegexOptions.IgnoreCase, TimeSpan.FromSeconds(10))).Count(), "hit")];

    private static IEnumerable<string> RequestsOf(OpenRollout rollout, AgentThread thread)
    {
        var requests = rollout.Index.RequestsOfThread(thread.ThreadId);
        return requests.Select((request, i) =>
        {
            var tokens = request.Usage is { } usage ? $"{Count(usage.InputTokens)} tokens in, {Count(usage.CachedInputTokens)} cached, {Count(usage.OutputTokens)} out|" : "";
            var gone = Transcript.GoneAt(rollout, request).Entries.Count;
            var news = rollout.Facts.UnknownRequests.ContainsKey(request.InferenceCallId)
                ? "what it showed is not known"
                : $"{Count(Transcript.NewAt(rollout, request).Entries.Count)} new{(gone > 0 ? $", {Count(gone)} gone" : "")}";
            return $"Request {Count(i + 1)} of {Count(requests.Count)}|{tokens}{news}";
        });
    }

    private static IEnumerable<string> StepsOf(OpenRollout rollout, AgentThread thread)
    {
        var steps = RolloutContext.Growth(rollout, thread.ThreadId);
        var uses = RolloutCache.Of(rollout, RolloutCache.DefaultTimeToLive).ToDictionary(static use => use.InferenceCallId, StringComparer.Ordinal);
        return steps.Select((step, i) =>
        {
            var use = uses.GetValueOrDefault(step.InferenceCallId);
            var tokens = use is null ? "tokens not counted" : $"{Count(use.InputTokens)} tokens, {Count(use.CachedInputTokens)} cached";
            return $"Request {i + 1} of {steps.Count}: {(step.Bytes is { } bytes ? Bytes(bytes) : "not known what it showed")}, {tokens}"
                + $"{(step.CompactionIds.Count > 0 ? ", after a compaction" : "")}{(use?.Miss is { } miss ? $", missed the cache: {KindName.Of(miss.Cause).Replace('_', ' ')}" : "")}";
        });
    }

    private static IEnumerable<string> OriginsOf(OpenRollout rollout, AgentThread thread) => rollout.Index.RequestsOfThread(thread.ThreadId).SelectMany((request, i) => RolloutContext.Origins(rollout, request)
        .Select(origin => $"{i + 1}|{Name(origin)}|{Count(origin.Count)}|{Bytes(origin.Bytes)}|{(origin.Tokens is { } tokens ? Count(tokens) : "")}")
        .Order(StringComparer.Ordinal));

    private static string Name(ContextOrigin origin) => origin switch
    {
        { Origin: ContextOriginKind.ToolOutput, Tool: { } tool } => $"output of {tool}",
        { Origin: ContextOriginKind.ToolOutput } => "outputs of tools",
        _ => KindName.Of(origin.Origin).Replace('_', ' '),
    };

    private static IEnumerable<string> MissesOf(OpenRollout rollout, AgentThread thread)
    {
        var requests = rollout.Index.RequestsOfThread(thread.ThreadId).Select(static request => request.InferenceCallId).ToList();
        return RolloutCache.Of(rollout, RolloutCache.DefaultTimeToLive)
            .Where(use => use.ThreadId == thread.ThreadId && use.Miss is not null)
            .Select(use => $"Request {requests.IndexOf(use.InferenceCallId) + 1}: {Count(use.Miss!.MissedTokens)} tokens read anew. {use.Miss.Reason}");
    }

    private static IEnumerable<string> CompactionsOf(OpenRollout rollout, AgentThread thread) => rollout.Graph.Compactions.Values
        .Where(compaction => compaction.ThreadId == thread.ThreadId)
        .OrderBy(compaction => rollout.Facts.CompactionSeqs.GetValueOrDefault(compaction.CompactionId))
        .SelectMany(compaction =>
        {
            var explained = Explanation.Of(rollout, compaction.CompactionId).Single(static one => one.Kind == "compaction");
            var summary = $"{Of(compaction.InputItemIds.Count, "item")} became {Count(compaction.ReplacementItemIds.Count)}";
            return new[] { summary }.Concat(new[] { ("Written anew, the summary", "the history goes on with"), ("Stayed", "what stays is"), ("Went", "what went is") }.Select(group =>
                $"{group.Item1}: {Of(explained.Steps.Count(step => step.Text.StartsWith(group.Item2, StringComparison.Ordinal)), "item")}"));
        });

    private static string Count(long n) => n.ToString("N0", CultureInfo.InvariantCulture);

    private static string Of(long n, string noun) => $"{Count(n)} {noun}{(n == 1 ? "" : "s")}";

    private static string Short(long n) => n < 10_000 ? Count(n) : n < 1_000_000 ? $"{n / 1e3:0.#}K" : $"{n / 1e6:0.#}M";

    private static string Bytes(long n) => n < 1000 ? $"{n} B" : n < 999_500 ? $"{(n / 1e3).ToString(n < 9_950 ? "F1" : "F0", CultureInfo.InvariantCulture)} kB" : $"{(n / 1e6).ToString("F1", CultureInfo.InvariantCulture)} MB";

    // All that is read, is read where a person reads it, and gone to as a person does: by keys, tabs and the choice of the agent.
    private const string ReadPanels = """
        async pattern => {
          const drawn = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
          const press = async key => { document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })); await drawn(); };
          const texts = (selector, within = document) => [...within.querySelectorAll(selector)].map(element => element.textContent.replace(/\s+/g, ' ').trim());
          const region = name => document.querySelector(`[aria-label="${name}"]`);
          const banner = [texts('.banner .status')[0], ...texts('.banner .facts > span').filter(text => /^[\d,.KM]+ (agent|turn|request|tool call|compaction|tokens in)/.test(text))];
          await press('4');
          const agents = [...region('All agents').querySelectorAll('tbody tr')].map(row => [row.cells[0].querySelector('a').textContent, row.cells[3].textContent, row.cells[4].textContent, row.cells[5].textContent].join('|'));
          await press('5');
          const findings = [...texts('h3', region('All findings')), ...texts('h2', region('All findings')).slice(1)];
          const box = region('Search');
          const input = document.getElementById('search');
          input.value = pattern;
          input.dispatchEvent(new Event('input', { bubbles: true }));
          await drawn();
          for (let i = 0; i < 600 && /so far|^$|^What models/.test(document.querySelector('.search [role=status]')?.textContent ?? ''); i++) { await drawn(); }
          const hits = texts('.search [role=status]');
          await press('1');
          const select = document.querySelector('[aria-label="Agent"]');
          const threads = [];
          for (let thread = 0; thread < select.options.length; thread++) {
            const requests = []; const steps = []; const origins = [];
            select.value = String(thread);
            select.dispatchEvent(new Event('change', { bubbles: true }));
            await drawn();
            const many = Number(/ of ([\d,]+)$/.exec(texts('.conversation h2')[0])?.[1].replaceAll(',', '') ?? 0);
            for (let i = 0; i < many; i++) {
              requests.push([texts('.conversation h2')[0], ...texts('.conversation .facts > span').filter(text => / tokens in,| new(,|$)|not known$/.test(text))].join('|'));
              await press('j');
            }
            for (let i = 0; i < many; i++) { await press('k'); }
            await press('2');
            for (let i = 0; i < many; i++) {
              steps.push(document.querySelector('[role=slider]').getAttribute('aria-valuetext'));
              origins.push(...[...region('Origins').querySelectorAll('tbody tr')].map(row => [i + 1, ...[0, 1, 2, 4].map(cell => row.cells[cell].textContent)].join('|')).sort((a, b) => a < b ? -1 : 1));
              await press('j');
            }
            const misses = [...region('Cache misses').querySelectorAll('li')].map(li => [...li.childNodes].filter(node => !node.classList?.contains('faint')).map(node => node.textContent).join('').trim());
            const compactions = [];
            for (const details of region('Compactions').querySelectorAll(':scope > div > details.group')) {
              details.open = true;
              await drawn();
              compactions.push(details.querySelector('summary').textContent.replace(/, before request .*/, ''), ...texts('summary', details).filter(text => /^(Written|Stayed|Went)/.test(text)).map(text => text.replace(/, [^,]*$/, '')));
            }
            await press('1');
            threads.push({ requests, steps, origins, misses, compactions });
          }
          return { banner, agents, findings, hits, threads };
        }
        """;

    private sealed record ShownNumbers(IReadOnlyList<string> Banner, IReadOnlyList<string> Agents, IReadOnlyList<string> Findings, IReadOnlyList<string> Hits, IReadOnlyList<ShownThread> Threads);

    private sealed record ShownThread(IReadOnlyList<string> Requests, IReadOnlyList<string> Steps, IReadOnlyList<string> Origins, IReadOnlyList<string> Misses, IReadOnlyList<string> Compactions);
}
