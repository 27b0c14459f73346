using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary><c>grep</c>: looks for a text in rollouts.</summary>
internal sealed class GrepTool() : RolloutTool(
    "grep",
    "Search rollouts",
    "Looks for a text, line by line, in what models saw and the runtime did: conversation items, instructions, tool definitions, commands and their output, inputs and results of tools, code, names of tools, words of errors. Each hit has the id of what holds it (for 'explain'), which part of it ('text', 'stdout', a payload's path, …), the line's number and the line around the match. rollout='all' searches every rollout, newest first.",
    Pattern,
    WhichRollout,
    Fixed,
    IgnoreCase,
    Limit,
    ToolParameter.Cursor)
{
    private const string Every = "all";

    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(2);
    private static readonly ToolParameter Pattern = ToolParameter.Text("pattern", "A regular expression of .NET, or plain text with 'fixed'.") with { IsRequired = true };
    private static readonly ToolParameter WhichRollout = ToolParameter.Rollout with { Description = ToolParameter.Rollout.Description + " 'all' for every one." };
    private static readonly ToolParameter Fixed = ToolParameter.Flag("fixed", "The pattern is plain text.");
    private static readonly ToolParameter IgnoreCase = ToolParameter.Flag("ignore_case", "Capital and small letters are the same.");
    private static readonly ToolParameter Limit = ToolParameter.Limit("hits", 50);

    protected override ToolPage Answer(ToolArguments arguments, ServedRollouts rollouts)
    {
        var pattern = PatternOf(arguments);
        if (arguments.Text(WhichRollout) == Every)
        {
            return OfAll(pattern, arguments, rollouts);
        }

        return OfOne(arguments, rollouts, question => question.Page("hits", GrepAnswer.Of(question.Rollout, pattern).Hits, static hit => Written(hit), Limit));
    }

    // Rollout by rollout, until the page is full or the time is up: what is behind is searched for the next page.
    private static ToolPage OfAll(Regex pattern, ToolArguments arguments, ServedRollouts rollouts)
    {
        var (first, _, from) = ToolCursor.Of(arguments);
        var all = rollouts.Catalog.All();
        var start = from is null ? 0 : all.ToList().FindIndex(rollout => rollout.Name == from);
        if (start < 0)
        {
            throw new QueryException($"the rollout '{ItemText.Preview(from!, 200)}', where the next page begins, is gone; leave 'cursor' out to begin anew");
        }

        var unreadable = new JsonArray();
        var page = new ToolPage(new JsonObject { ["rollouts"] = all.Count, ["unreadable"] = unreadable }, "hits", arguments.Number(Limit));
        var began = rollouts.Time.GetTimestamp();
        for (var i = start; i < all.Count && page.Next is null; i++)
        {
            if (i > start && rollouts.Time.GetElapsedTime(began) > ServedRollouts.Patience)
            {
                page.Next = new ToolCursor(0, 0, all[i].Name);
                break;
            }

            try
            {
                var hits = GrepAnswer.Of(rollouts.Open(all[i]), pattern).Hits;
                for (var hit = i == start ? first : 0; hit < hits.Count && page.Next is null; hit++)
                {
                    page.Next = page.TryAdd(Written(hits[hit], all[i].Name)) ? null : new ToolCursor(hit, 0, all[i].Name);
                }
            }
            catch (Exception e) when (e is BundleException or QueryException)
            {
                unreadable.Add((JsonNode)e.Message);
            }
        }

        return page;
    }

    private static JsonObject Written(SearchHit hit, string? rollout = null)
    {
        var written = AnswerNode.Of(hit);
        if (rollout is not null)
        {
            written.Insert(0, "rollout", rollout);
        }

        return written;
    }

    private static Regex PatternOf(ToolArguments arguments)
    {
        var text = arguments.Text(Pattern)!;
        try
        {
            var options = RegexOptions.CultureInvariant | (arguments.Flag(IgnoreCase) ? RegexOptions.IgnoreCase : RegexOptions.None);
            return new Regex(arguments.Flag(Fixed) ? Regex.Escape(text) : text, options, PatternTimeout);
        }
        catch (RegexParseException e)
        {
            throw new QueryException($"'pattern' is no regular expression: {e.Message} Set 'fixed' to look for it as plain text");
        }
    }
}
