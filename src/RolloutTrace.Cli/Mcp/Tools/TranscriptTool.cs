using System.Text.Json.Nodes;
using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary><c>transcript</c>: what the model saw.</summary>
internal sealed class TranscriptTool() : RolloutTool(
    "transcript",
    "Read what the model saw",
    "Reads what a model saw, in order: at one request whole (its instructions, tools, parameters and every item of the history), with new=true only what that request added to the one before; or, without 'request', all of a thread, with an entry where each request was sent and where a compaction replaced the history. A long text goes on over pages: 'text_from' says where in the entry's text of 'text_length' characters a piece begins.",
    ToolParameter.Rollout,
    Request,
    New,
    Tools,
    Thread,
    MostCharacters,
    ToolParameter.Cursor)
{
    private static readonly ToolParameter Request = ToolParameter.Text("request", "The request, by its id or its response's; also of a compaction's.");
    private static readonly ToolParameter New = ToolParameter.Flag("new", "With 'request': only what it added to the one before it.");
    private static readonly ToolParameter Tools = ToolParameter.Flag("tools", "With 'request': the definitions of tools whole, not only their names and sizes.");
    private static readonly ToolParameter Thread = ToolParameter.Text("thread", "Without 'request': the thread, by its id or its agent's path. Default: the root's.");
    private static readonly ToolParameter MostCharacters = ToolParameter.Number("max_chars", "The most characters of text of one page. Default: 12000.", 1000, 100_000, 12_000);

    protected override ToolPage Answer(ToolArguments arguments, ServedRollouts rollouts)
    {
        if (arguments.Text(Request) is null && (arguments.Flag(New) || arguments.Flag(Tools)))
        {
            throw new QueryException("'new' and 'tools' are about one request: give 'request' too");
        }

        if (arguments.Text(Request) is not null && arguments.Text(Thread) is not null)
        {
            throw new QueryException("'request' names a request, which is of one thread: leave out 'thread'");
        }

        var within = ToolCursor.Of(arguments).Within;
        return OfOne(arguments, rollouts, question => Answer(question, within));
    }

    private static ToolPage Answer(RolloutQuestion question, int within)
    {
        var (rollout, head, arguments, cursor) = question;
        var transcript = TranscriptOf(rollout, arguments);
        head["thread_id"] = transcript.ThreadId;
        head["agent"] = rollout.Index.AgentOf(transcript.ThreadId);
        if ((transcript.InferenceCallId ?? transcript.CompactionRequestId) is { } requestId)
        {
            head["request"] = requestId;
        }

        List<TranscriptPiece> pieces = [.. TranscriptPiece.Of(transcript, arguments.Flag(Tools))];
        head["total"] = pieces.Count;
        return Filled(head, pieces, cursor with { Within = within }, arguments.Number(MostCharacters));
    }

    // Where a page ends within the text of an entry, the next one goes on there.
    private static ToolPage Filled(JsonObject head, List<TranscriptPiece> pieces, ToolCursor cursor, int most)
    {
        var page = new ToolPage(head, "entries", int.MaxValue, int.MaxValue);
        var left = most;
        for (var i = cursor.Entry; i < pieces.Count; i++)
        {
            var begin = i == cursor.Entry ? Math.Min(cursor.Within, pieces[i].Text.Length) : 0;
            var end = EndOf(pieces[i].Text, begin, left);
            var isCut = end < pieces[i].Text.Length;
            if (isCut && begin == 0 && page.Count > 0 && pieces[i].Text.Length <= most)
            {
                // It is whole on the next page.
                page.Next = cursor with { Entry = i, Within = 0 };
                break;
            }

            page.TryAdd(pieces[i].Written(begin, end));
            left -= end - begin + TranscriptPiece.HeadLength;
            if (isCut || (left <= 0 && i + 1 < pieces.Count))
            {
                page.Next = isCut ? cursor with { Entry = i, Within = end } : cursor with { Entry = i + 1, Within = 0 };
                break;
            }
        }

        return page;
    }

    // Not within a character.
    private static int EndOf(string text, int begin, int length)
    {
        var end = (int)Math.Min(text.Length, (long)begin + Math.Max(length, 1));
        return end < text.Length && end > begin && char.IsHighSurrogate(text[end - 1]) && char.IsLowSurrogate(text[end]) ? end + 1 : end;
    }

    private static Transcript TranscriptOf(OpenRollout rollout, ToolArguments arguments)
    {
        if (arguments.Text(Request) is not { } requestId)
        {
            return Transcript.OfThread(rollout, Finding.Thread(rollout, arguments.Text(Thread) ?? rollout.Graph.RootThreadId));
        }

        var isNew = arguments.Flag(New);
        var (request, compaction) = Finding.Request(rollout, requestId);
        return request is null ? isNew ? Transcript.NewAt(rollout, compaction!) : Transcript.At(rollout, compaction!)
            : isNew ? Transcript.NewAt(rollout, request)
            : Transcript.At(rollout, request);
    }
}
