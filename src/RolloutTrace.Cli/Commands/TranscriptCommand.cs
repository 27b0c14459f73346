using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace transcript</c>: what the model saw.</summary>
internal sealed class TranscriptCommand : QueryCommand<Transcript>
{
    private readonly Option<string?> thread = new("--thread") { Description = "The thread, by id or agent path. Default: the root.", HelpName = "THREAD" };
    private readonly Option<string?> at = new("--at") { Description = "The exact input of this request, by its id, a unique part of it, or its response's id; also of a compaction's.", HelpName = "REQUEST" };
    private readonly FlagOption @new = new("--new") { Description = "With --at: only what the request added to the one before it." };

    private readonly FlagOption tools = new("--tools") { Description = "With --at: the definitions of tools whole, not only their names and sizes." };

    private readonly PageOptions page = new("items", isLimited: false);

    public TranscriptCommand(CommandConsole console)
        : base(console, "transcript", "Show what the model saw, in order. At one request its instructions, tools and parameters come first. Of a whole thread it is marked where each request was sent, and a compaction where the history before it gave way to the one behind it.")
    {
        AddPathsAndFormat();
        Add(thread);
        Add(at);
        Add(@new);
        Add(tools);
        page.AddTo(this);
        this.AddRule(result =>
        {
            if (result.GetValue(@new) && result.GetValue(at) is null)
            {
                result.AddError("--new needs --at REQUEST.");
            }

            if (result.GetValue(tools) && (result.GetValue(at) is null || result.GetValue(@new)))
            {
                result.AddError("--tools needs --at REQUEST, without --new.");
            }

            if (result.GetValue(thread) is not null && result.GetValue(at) is not null)
            {
                result.AddError("--at names a request, which is of one thread: leave out --thread.");
            }
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace transcript BUNDLE | less", "all that the root agent's model saw"),
        ("rollout-trace transcript BUNDLE --thread /root/worker", "the same of another agent"),
        ("rollout-trace transcript BUNDLE --at REQUEST --new", "what was new to the model in one request"),
    ];

    /// <inheritdoc/>
    protected override JsonTypeInfo<BundleAnswers<Transcript>> AnswerType => AnswerJson.Transcript;

    /// <inheritdoc/>
    protected override Transcript Ask(OpenRollout rollout, ParseResult arguments) =>
        Whole(rollout, arguments).Part(page.Skipped(arguments), page.Most(arguments, IsJson(arguments)));

    private Transcript Whole(OpenRollout rollout, ParseResult arguments)
    {
        if (arguments.GetValue(at) is { } requestId)
        {
            var isNew = arguments.GetValue(@new);
            var (request, compaction) = Finding.Request(rollout, requestId);
            return request is null ? isNew ? Transcript.NewAt(rollout, compaction!) : Transcript.At(rollout, compaction!)
                : isNew ? Transcript.NewAt(rollout, request)
                : Transcript.At(rollout, request);
        }

        return Transcript.OfThread(rollout, Finding.Thread(rollout, arguments.GetValue(thread) ?? rollout.Graph.RootThreadId));
    }

    /// <inheritdoc/>
    protected override void Show(Transcript answer, OpenRollout rollout, Screen screen, ParseResult arguments)
    {
        if (answer.Given is { } given)
        {
            GivenPrinter.Print(given, screen, arguments.GetValue(tools));
        }

        if (answer is { Given: null, Total: 0 } && answer.Requests.Count == 0)
        {
            ShowNothing(answer, rollout, screen);
            return;
        }

        var skipped = page.Skipped(arguments);
        var requests = 0;
        for (var i = 0; i < answer.Entries.Count; i++)
        {
            ShowRequests(skipped + i);
            Show(answer.Entries[i], screen);
        }

        ShowRequests(int.MaxValue);
        if (page.Rest(answer.Entries.Count, answer.Total, arguments) is { } rest)
        {
            screen.Line(new Segment($"{rest} items", Emphasis.Faint));
        }

        ShowNext(answer, rollout, screen, arguments);

        void ShowRequests(int entriesBefore)
        {
            for (; requests < answer.Requests.Count && answer.Requests[requests].EntriesBefore <= entriesBefore; requests++)
            {
                var request = answer.Requests[requests];
                var end = request.Status == WireName.Of(ExecutionStatus.Completed) ? "" : $", {request.Status}";
                screen.Line(new Segment($"---- request {ShortId.Of(request.InferenceCallId)}, {Wording.Time(request.StartedAtUnixMs)}{end} ----", Emphasis.Faint));
                screen.Line();
            }
        }
    }

    // Of a workflow as an agent the models are those of its agents.
    private void ShowNothing(Transcript answer, OpenRollout rollout, Screen screen)
    {
        var asking = rollout.Graph.Threads.Values
            .Where(thread => rollout.Graph.InferenceCalls.Values.Any(call => call.ThreadId == thread.ThreadId))
            .OrderBy(static thread => thread.Execution.StartedSeq)
            .ToList();
        var path = rollout.Graph.Threads.GetValueOrDefault(answer.ThreadId)?.AgentPath ?? answer.ThreadId;
        screen.Wrapped(
            asking.Count == 0
                ? $"No model was asked by {path}, nor by another agent."
                : $"No model was asked by {path}, but by {Wording.Of(asking.Count, "other agent")}: {string.Join(", ", asking.Select(static thread => thread.AgentPath))}.",
            indent: 2);
        if (asking.Count > 0)
        {
            ShowNext(screen, "transcript", "--thread", asking[0].AgentPath);
        }
    }

    // Of a thread the last request; of what was new in a request all of it; of all of it why it was sent.
    private void ShowNext(Transcript answer, OpenRollout rollout, Screen screen, ParseResult arguments)
    {
        if ((answer.InferenceCallId ?? answer.CompactionRequestId) is not { } shown)
        {
            if (rollout.Graph.InferenceCalls.Values.Where(call => call.ThreadId == answer.ThreadId).MaxBy(static call => call.Execution.StartedSeq) is { } last)
            {
                ShowNext(screen, "transcript", "--at", ShortId.Of(last.InferenceCallId));
            }
        }
        else if (arguments.GetValue(@new))
        {
            ShowNext(screen, "transcript", "--at", ShortId.Of(shown));
        }
        else
        {
            ShowNext(screen, "explain", ShortId.Of(shown));
        }
    }

    private static void Show(TranscriptEntry entry, Screen screen)
    {
        var item = entry.Item;
        if (item.Kind == ConversationItemKind.CompactionMarker)
        {
            screen.Wrapped($"==== compaction {entry.CompactionId}: the history before gives way to what follows ====", indent: 5, Emphasis.Warning);
            screen.Line();
            return;
        }

        screen.Line(
            new Segment(WireName.Of(item.Role), Emphasis.Title),
            item.Kind == ConversationItemKind.Message ? "" : $" {WireName.Of(item.Kind)}",
            item.Channel is { } channel ? $" ({WireName.Of(channel)})" : "",
            item.AgentMessage is { } address ? $" from {address.Author} to {address.Recipient}" : "",
            entry.ToolName is { } name ? $" {name}" : "",
            item.CallId is { } callId ? $" {callId}" : "",
            new Segment(item.ItemId.Length > 0 ? $"  {item.ItemId}" : "", Emphasis.Faint));
        screen.Block(entry.Text, indent: 4);
        screen.Line();
    }
}
