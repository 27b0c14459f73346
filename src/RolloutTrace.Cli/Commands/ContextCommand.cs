using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace context</c>: what fills the context, and how it grew.</summary>
internal sealed class ContextCommand : QueryCommand<ContextAnswer>
{
    private const int NameColumns = 24;
    private const int BarColumns = 14;
    private const int MostSteps = 30;

    private readonly Option<string?> thread = new("--thread") { Description = "The thread, by id or agent path. Default: the root.", HelpName = "THREAD" };
    private readonly Option<string?> at = new("--at") { Description = "The request whose input to take apart, by its id, a unique part of it, or its response's id; also a compaction's. Default: the thread's last.", HelpName = "REQUEST" };

    private readonly FlagOption all = new("--all") { Description = $"Every request of the thread, not only the last {MostSteps}. (JSON has all.)" };

    public ContextCommand(CommandConsole console)
        : base(console, "context", "Show what fills a model's context: instructions, tool definitions, what the user and the model said, reasoning, the outputs of each tool, summaries; and how it grew from request to request, with compactions marked. Tokens of a part are its share of the bytes, of the tokens that the request reports.")
    {
        AddPathsAndFormat();
        Add(thread);
        Add(at);
        Add(all);
        this.AddRule(result =>
        {
            if (result.GetValue(thread) is not null && result.GetValue(at) is not null)
            {
                result.AddError("--at names a request, which is of one thread: leave out --thread.");
            }
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace context BUNDLE", "what filled the root agent's context at the end, and how it came to that"),
        ("rollout-trace context BUNDLE --at REQUEST", "the same at one request"),
        ("rollout-trace context BUNDLE --thread /root/worker --format json", "of another agent, for a program"),
    ];

    /// <inheritdoc/>
    protected override JsonTypeInfo<BundleAnswers<ContextAnswer>> AnswerType => AnswerJson.Context;

    /// <inheritdoc/>
    protected override ContextAnswer Ask(OpenRollout rollout, ParseResult arguments)
    {
        if (arguments.GetValue(at) is not { } requestId)
        {
            return ContextAnswer.OfLast(rollout, Finding.Thread(rollout, arguments.GetValue(thread) ?? rollout.Graph.RootThreadId));
        }

        var (request, compaction) = Finding.Request(rollout, requestId);
        return request is not null ? ContextAnswer.Of(rollout, request) : ContextAnswer.Of(rollout, compaction!);
    }

    /// <inheritdoc/>
    protected override void Show(ContextAnswer answer, OpenRollout rollout, Screen screen, ParseResult arguments)
    {
        if ((answer.InferenceCallId ?? answer.CompactionRequestId) is not { } requestId)
        {
            screen.Line($"{rollout.Index.AgentOf(answer.ThreadId)} has no request of which it is known what it showed");
            return;
        }

        var tokens = answer.InputTokens is { } known ? $"{Wording.Count(known)} tokens" : "tokens not known";
        screen.Line(new Segment($"{(answer.CompactionRequestId is null ? "" : "compaction ")}request {ShortId.Of(requestId)} of {rollout.Index.AgentOf(answer.ThreadId)}: {Wording.Size(answer.Bytes)}, {tokens}", Emphasis.Title));
        screen.Line(new Segment($"  {Pad("ORIGIN")}{"COUNT",6}  {"BYTES",9}  {"SHARE",7}  {"TOKENS",9}", Emphasis.Faint));
        foreach (var origin in answer.Origins)
        {
            var name = origin.Origin == ContextOriginKind.ToolOutput ? $"output of {origin.Tool ?? "an unknown tool"}" : KindName.Of(origin.Origin).Replace('_', ' ');
            screen.Line(
                $"  {Pad(name)}",
                $"{Wording.Count(origin.Count),6}  {Wording.Size(origin.Bytes),9}",
                $"  {Percent(origin.Share),7}",
                origin.Tokens is { } some ? $"  {Wording.Count(some),9}" : new string(' ', 11),
                new Segment($"  {Bar(origin.Share)}", Emphasis.Title));
        }

        ShowGrowth(answer, screen, arguments.GetValue(all) ? answer.Growth.Count : MostSteps);
        ShowNext(screen, "transcript", "--at", ShortId.Of(requestId));
    }

    private static void ShowGrowth(ContextAnswer answer, Screen screen, int most)
    {
        screen.Line();
        screen.Line(new Segment($"{Wording.Of(answer.Growth.Count, "request")} of the thread", Emphasis.Title));
        screen.Line(new Segment($"  {Pad("REQUEST")}{"ITEMS",6}  {"BYTES",9}  {"",7}  {"TOKENS",9}", Emphasis.Faint));
        var largest = answer.Growth.Max(static step => step.Bytes ?? 0);
        var left = answer.Growth.Count - most;
        if (left > 0)
        {
            screen.Line(new Segment($"  … {Wording.Count(left)} before these (--all shows them)", Emphasis.Faint));
        }

        foreach (var step in answer.Growth.Skip(left))
        {
            foreach (var compaction in step.CompactionIds)
            {
                screen.Line(new Segment($"  ==== compaction {compaction}", Emphasis.Warning));
            }

            screen.Line(
                $"  {Pad(ShortId.Of(step.InferenceCallId))}",
                step.Items is { } items ? $"{Wording.Count(items),6}" : $"{"?",6}",
                step.Bytes is { } bytes ? $"  {Wording.Size(bytes),9}" : $"  {"not known",9}",
                step.InputTokens is { } tokens ? $"{"",9}  {Wording.Count(tokens),9}" : step.Bytes is null ? "" : new string(' ', 20),
                new Segment($"  {Bar(largest == 0 ? 0 : (double)(step.Bytes ?? 0) / largest)}", step.InferenceCallId == answer.InferenceCallId ? Emphasis.Title : Emphasis.Faint));
        }
    }

    private static string Pad(string name)
    {
        var cut = TerminalText.Cut(TerminalText.OneLine(name), NameColumns);
        return cut + new string(' ', NameColumns - TerminalText.Columns(cut));
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");

    // What is there at all has a mark.
    private static string Bar(double share) => new('#', share <= 0 ? 0 : Math.Max(1, (int)Math.Round(share * BarColumns)));
}
