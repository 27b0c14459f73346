using System.Globalization;
using System.Text.Json.Nodes;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary><c>list</c>: which rollouts there are.</summary>
internal sealed class ListTool() : RolloutTool(
    "list",
    "List rollouts",
    "Lists the recorded rollouts, newest first: when each started, how it stands (completed, failed, aborted; running if it goes on, died, cut or unended if it has no end), its agents, models, numbers of turns, requests and tool calls, tokens, and the first words of the user. 'rollout' of an entry is what the other tools take.",
    TextPart,
    Status,
    Agent,
    Since,
    Until,
    Limit,
    ToolParameter.Cursor)
{
    private static readonly ToolParameter TextPart = ToolParameter.Text("text", "Only rollouts with this in the user's first words, models, agents, ids or directory; capital and small letters are the same.");
    private static readonly ToolParameter Status = ToolParameter.Text("status", "Only rollouts that stand so.") with { Words = [.. Enum.GetValues<RolloutStanding>().Select(KindName.Of)] };
    private static readonly ToolParameter Agent = ToolParameter.Text("agent", "Only rollouts with an agent of this path or last name, such as /root/worker or worker.");
    private static readonly ToolParameter Since = ToolParameter.Text("since", "Only rollouts that started at this time or later: a date or time such as 2026-02-01T12:30:00Z, UTC if it has no offset.");
    private static readonly ToolParameter Until = ToolParameter.Text("until", "Only rollouts that started before this time.");
    private static readonly ToolParameter Limit = ToolParameter.Limit("rollouts", 20);

    protected override ToolPage Answer(ToolArguments arguments, ServedRollouts rollouts)
    {
        var (since, until) = (TimeOf(arguments, Since), TimeOf(arguments, Until));
        var behind = PlaceOf(arguments.Text(ToolParameter.Cursor));
        var all = rollouts.Catalog.All()
            .Where(rollout => !(rollout.StartedAtUnixMs < since) && !(rollout.StartedAtUnixMs >= until))
            .ToList();
        var head = new JsonObject { ["root"] = rollouts.Catalog.Root, ["total_before_filters"] = all.Count };
        if (rollouts.Catalog.WhyMissing is { } missing)
        {
            head["missing"] = missing;
        }

        var page = new ToolPage(head, "rollouts", arguments.Number(Limit));
        var began = rollouts.Time.GetTimestamp();
        CataloguedRollout? last = null;
        foreach (var rollout in all.Where(rollout => behind is not var (started, name) || IsBehind(rollout, started, name)))
        {
            // One at least is looked at, so that each page gets on.
            if (last is not null && rollouts.Time.GetElapsedTime(began) > ServedRollouts.Patience
                || Entry(rollout, arguments, rollouts) is { } entry && !page.TryAdd(entry))
            {
                page.Next = $"{last!.StartedAtUnixMs} {last.Name}";
                break;
            }

            last = rollout;
        }

        return page;
    }

    private static JsonObject? Entry(CataloguedRollout rollout, ToolArguments arguments, ServedRollouts rollouts)
    {
        var isChosen = arguments.Has(Status) || arguments.Has(Agent) || arguments.Has(TextPart);
        if (rollout.Problem is { } problem)
        {
            return isChosen ? null : new JsonObject { ["rollout"] = rollout.Name, ["error"] = problem };
        }

        BundleOverview overview;
        try
        {
            overview = rollout.ReadOverview(rollouts.Time.GetUtcNow(), withUsage: !isChosen);
            if (isChosen && IsMeant(rollout, overview, arguments))
            {
                overview = rollout.ReadOverview(rollouts.Time.GetUtcNow());
            }
            else if (isChosen)
            {
                return null;
            }
        }
        catch (BundleException e)
        {
            return isChosen ? null : new JsonObject { ["rollout"] = rollout.Name, ["error"] = e.Message };
        }

        var entry = new JsonObject { ["rollout"] = rollout.Name };
        foreach (var (name, value) in AnswerNode.Of(overview).ToList())
        {
            if (name is not ("bundle" or "unreadable_lines") || name == "unreadable_lines" && overview.UnreadableLines > 0)
            {
                entry[name] = value?.DeepClone();
            }
        }

        if (rollout.ApartBecause is { } reason)
        {
            entry["not_joined"] = reason;
        }

        return entry;
    }

    private static bool IsMeant(CataloguedRollout rollout, BundleOverview overview, ToolArguments arguments)
    {
        IEnumerable<string?> texts = [.. rollout.Names, overview.FirstUserMessage, .. overview.Models, .. overview.Agents];
        return (arguments.Text(Status) is not { } status || KindName.Of(overview.Status) == status)
            && (arguments.Text(Agent) is not { } agent || overview.Agents.Any(path => path == agent || path.EndsWith("/" + agent, StringComparison.Ordinal)))
            && (arguments.Text(TextPart) is not { } part || texts.Any(text => text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true));
    }

    // The place behind one that may be gone by now, so that new ones in front of it do not move it.
    private static (long StartedAtUnixMs, string Name)? PlaceOf(string? cursor)
    {
        if (cursor is null)
        {
            return null;
        }

        var space = cursor.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && long.TryParse(cursor.AsSpan(0, space), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var started)
            ? (started, cursor[(space + 1)..])
            : throw ToolCursor.None(cursor);
    }

    private static bool IsBehind(CataloguedRollout rollout, long started, string name) =>
        rollout.StartedAtUnixMs < started || (rollout.StartedAtUnixMs == started && string.CompareOrdinal(rollout.Name, name) > 0);

    private static long? TimeOf(ToolArguments arguments, ToolParameter parameter) => arguments.Text(parameter) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUnixTimeMilliseconds()
        : throw new QueryException($"'{parameter.Name}' takes a date or time such as 2026-02-01 or 2026-02-01T12:30:00Z, not '{ItemText.Preview(text, 60)}'");
}
