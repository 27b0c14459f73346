using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Conversation;

/// <summary>A bundle in memory whose history is edited at will, step by step, and sent with requests of many forms.</summary>
/// <param name="soundOnly">Whether a strict reduction takes all of it.</param>
internal sealed class PlayedHistory(bool soundOnly)
{
    private readonly List<string> lines = [];
    private readonly Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
    private readonly List<Func<int, string>> history = [];
    private int number;
    private int answered = -2;
    private bool isCompacted;
    private string inItems = "";

    /// <summary>Plays steps: what is done, where, and with which item.</summary>
    public static PlayedHistory Of(IEnumerable<(int What, int Where, int Which)> steps, bool soundOnly)
    {
        var played = new PlayedHistory(soundOnly);
        played.Begin();
        foreach (var (what, where, which) in steps)
        {
            played.Step(what, where, which);
        }

        return played;
    }

    /// <summary>The state, or why there is none.</summary>
    /// <param name="recognises">Whether what is repeated is recognised by its bytes.</param>
    public string Reduce(bool recognises) => StateOf(bundle => RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = soundOnly }, recognises));

    /// <summary>The state, or why there is none, where the entries of each request are found before it is applied, by what was known of the one before.</summary>
    public string ReduceWithEntriesFoundAhead() => StateOf(bundle =>
    {
        var ahead = new EntriesAhead { FewestEntries = 1 };
        var replay = new RolloutReplay(bundle, soundOnly, ahead: ahead);
        foreach (var line in bundle.ReadEvents())
        {
            replay.Apply(line, line.Event?.Payload is InferenceStartedEvent { RequestPayload: var request } started ? Prefetched(bundle.ReadPayload(request), request, started) : null);
        }

        return replay.Finish();

        PrefetchedPayload Prefetched(PayloadBytes bytes, PayloadReference request, InferenceStartedEvent started) =>
            new(request, bytes, Error: null) { Entries = ahead.Find(started.ThreadId, bytes.Span) };
    });

    private string StateOf(Func<BundleReader, ReductionResult> reduce)
    {
        files["trace.jsonl"] = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        try
        {
            var result = reduce(BundleReader.Open(new MemoryFiles("played", files)));
            foreach (var diagnostic in result.Diagnostics)
            {
                if (soundOnly)
                {
                    return diagnostic.Message;
                }
            }

            return TestBundle.ToJson(result.Graph);
        }
        catch (ReductionException e)
        {
            return e.Message;
        }
    }

    private void Begin()
    {
        files["manifest.json"] = Encoding.UTF8.GetBytes(
            $$"""{"schema_version":1,"trace_id":"trace-1","rollout_id":"{{TestBundle.Root}}","root_thread_id":"{{TestBundle.Root}}","started_at_unix_ms":1770000000000,"raw_event_log":"trace.jsonl","payloads_dir":"payloads"}""");
        Append(new ThreadStartedEvent { ThreadId = TestBundle.Root, AgentPath = "/root" });
        Append(new CodexTurnStartedEvent { CodexTurnId = TestBundle.Turn, ThreadId = TestBundle.Root });
    }

    private void Step(int what, int where, int which)
    {
        Edit(what, where, which);
        if (what % 17 == 16 && number > 2)
        {
            Compact();
        }

        Append(new InferenceStartedEvent
        {
            InferenceCallId = $"i{number}",
            ThreadId = TestBundle.Root,
            CodexTurnId = TestBundle.Turn,
            Model = "m",
            ProviderName = "p",
            RequestPayload = Payload(PayloadKind.InferenceRequest, Request(what, where)),
        });
        if (what % 7 < 3)
        {
            Respond(what % 7 == 0 && !soundOnly, which);
        }

        if (what % 9 == 4)
        {
            StartTool();
        }

        number++;
    }

    private string Request(int what, int where)
    {
        if (!soundOnly && where % 41 == 7)
        {
            // What cannot be read, or only after it was mended.
            return where % 2 == 0 ? "{\"input\":[{]" : $$"""{"input":[{{Rendered()}}{{(history.Count > 0 ? "," : "")}}{"type":"message","role":"user","content":[{"type":"input_text","text":"\ud83d"}]}]}""";
        }

        if (where % 13 == 5 && (answered == number - 1 || !soundOnly) && !isCompacted)
        {
            var added = Item(what + 3);
            return $$"""{"input":[{{added(number)}}],"previous_response_id":"r{{Math.Max(0, number - 1)}}"}""";
        }

        isCompacted = false;
        // Some programs write what they repeat compact in one request and indented in the next.
        var space = where % 6 == 1 ? "\n  " : "";
        inItems = (where % 7) switch { 3 => "\n    ", 4 => " ", _ => "" };
        return (where % 5) switch
        {
            0 => $$"""{"model":"m","safety":"{{new string('x', number % 11)}}","input":[{{Rendered(space)}}],"tools":[]}""",
            1 when !soundOnly => $$"""{"messages":[{{Rendered(space)}}]}""",
            2 => $$"""{"input":[],"model":"m","input":[{{Rendered(space)}}{{space}}]}""",
            _ => $$"""{"model":"m","input":[{{Rendered(space)}}],"tools":[{"name":"t{{what % 2}}"}]}""",
        };
    }

    private string Rendered(string space = "") => string.Join($"{space},{space}", history.Select(item => Spaced(item(number))));

    // With white space behind everything that has a place for it.
    private string Spaced(string json)
    {
        if (inItems.Length == 0)
        {
            return json;
        }

        var text = new StringBuilder();
        var isInText = false;
        for (var i = 0; i < json.Length; i++)
        {
            text.Append(json[i]);
            if (isInText && json[i] == '\\' && i + 1 < json.Length)
            {
                text.Append(json[++i]);
            }
            else if (json[i] == '"')
            {
                isInText = !isInText;
            }
            else if (!isInText && json[i] is '{' or '[' or ',' or ':')
            {
                text.Append(inItems);
            }
        }

        return text.ToString();
    }

    private void Edit(int what, int where, int which)
    {
        var count = history.Count;
        var at = count == 0 ? 0 : where % count;
        switch (what % 16)
        {
            case 0 when count > 0:
                history.RemoveAt(at);
                break;
            case 1 when count > 0:
                history[at] = Item(which);
                break;
            case 2 when count > 1:
                (history[0], history[^1]) = (history[^1], history[0]);
                break;
            case 3 when count > 3:
                // A run moves as it is.
                var run = history.GetRange(at / 2, count / 3);
                history.RemoveRange(at / 2, count / 3);
                history.InsertRange(Math.Min(history.Count, which % (history.Count + 1)), run);
                break;
            case 4 when count > 8:
                history.RemoveRange(count / 2, count - (count / 2));
                break;
            case 5 when count > 2:
                history.RemoveRange(1, at);
                break;
            case 6 when count > 1:
                history.Add(history[0]);
                history.RemoveAt(0);
                break;
            case 7 when count > 0:
                history.Add(history[at]);
                break;
            case 8:
                history.Reverse();
                break;
            case 9 when count > 2:
                var random = new Random(where);
                var shuffled = history.ToArray();
                random.Shuffle(shuffled);
                history.Clear();
                history.AddRange(shuffled);
                break;
            default:
                history.Insert(what % 3 == 0 ? at : count, Item(which));
                break;
        }
    }

    private void Respond(bool failed, int which)
    {
        var item = Item(which + 5);
        history.Add(item);
        answered = failed ? answered : number;
        var payload = Payload(PayloadKind.InferenceResponse, $$"""{"output_items":[{{item(number + 500)}}]}""");
        Append(failed
            ? new InferenceFailedEvent { InferenceCallId = $"i{number}", Error = "broken", PartialResponsePayload = payload }
            : new InferenceCompletedEvent { InferenceCallId = $"i{number}", ResponseId = $"r{number}", ResponsePayload = payload });
    }

    private void Compact()
    {
        var kept = history.Skip(history.Count / 2).ToArray();
        var checkpoint = $$"""{"input_history":[{{Rendered()}}],"replacement_history":[{{string.Join(',', kept.Select(item => item(number)))}}]}""";
        Append(new CompactionInstalledEvent { CompactionId = $"k{number}", CheckpointPayload = Payload(PayloadKind.CompactionCheckpoint, checkpoint) });
        history.Clear();
        history.AddRange(kept);
        isCompacted = true;
    }

    private void StartTool() => Append(new ToolCallStartedEvent
    {
        ToolCallId = $"t{number}",
        ModelVisibleCallId = $"c{number}",
        Requester = ToolRequester.Model,
        Kind = ToolCallKind.ForOther("f"),
        Summary = new GenericSummary { Label = "f" },
    });

    // An item says the same each time, and may be written in another way each time.
    private Func<int, string> Item(int which)
    {
        var n = number;
        var sound = PlayedItems.Sound;
        return soundOnly || which % 3 == 0 ? sound[which % sound.Length](n, which) : PlayedItems.All[which % PlayedItems.All.Length](n, which);
    }

    private PayloadReference Payload(PayloadKind kind, string json)
    {
        var reference = PayloadReference.ForNumber(files.Count, kind);
        files[reference.Path] = Encoding.UTF8.GetBytes(json);
        return reference;
    }

    private void Append(RawEventPayload payload)
    {
        using var utf8 = new MemoryStream();
        using (var json = new Utf8JsonWriter(utf8))
        {
            new RawEvent
            {
                Seq = lines.Count + 1,
                WallTimeUnixMs = 1770000000000 + lines.Count,
                RolloutId = TestBundle.Root,
                ThreadId = TestBundle.Root,
                CodexTurnId = payload is ThreadStartedEvent ? null : TestBundle.Turn,
                Payload = payload,
            }.WriteTo(json);
        }

        lines.Add(Encoding.UTF8.GetString(utf8.ToArray()));
    }
}
