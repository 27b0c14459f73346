using System.Text.Json.Nodes;
using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>An entry of a transcript as a client gets it: what it is, and a text that may be given in parts.</summary>
internal sealed record TranscriptPiece(JsonObject Head, string Text)
{
    /// <summary>What an entry takes beside its text, about.</summary>
    public const int HeadLength = 120;

    /// <summary>The pieces of a transcript, in the order in which a model is shown them.</summary>
    public static IEnumerable<TranscriptPiece> Of(Transcript transcript, bool wholeTools)
    {
        foreach (var piece in transcript.Given is { } given ? Of(given, wholeTools) : [])
        {
            yield return piece;
        }

        var requests = 0;
        for (var i = 0; i <= transcript.Entries.Count; i++)
        {
            for (; requests < transcript.Requests.Count && transcript.Requests[requests].EntriesBefore <= i; requests++)
            {
                var request = transcript.Requests[requests];
                yield return new TranscriptPiece(
                    new JsonObject { ["entry"] = "request", ["id"] = request.InferenceCallId, ["started_at"] = AnswerNode.DateOf(request.StartedAtUnixMs), ["status"] = request.Status }, "");
            }

            if (i < transcript.Entries.Count)
            {
                yield return Of(transcript.Entries[i]);
            }
        }
    }

    /// <summary>The piece, or a part of its text.</summary>
    public JsonObject Written(int begin, int end)
    {
        var written = (JsonObject)Head.DeepClone();
        if (begin > 0 || end < Text.Length)
        {
            written["text_from"] = begin;
            written["text_length"] = Text.Length;
        }

        if (Text.Length > 0)
        {
            written["text"] = Text[begin..end];
        }

        return written;
    }

    private static IEnumerable<TranscriptPiece> Of(RequestGiven given, bool wholeTools)
    {
        if (given.Instructions is { } instructions)
        {
            yield return new TranscriptPiece(new JsonObject { ["entry"] = "instructions" }, instructions);
        }

        if (wholeTools)
        {
            foreach (var tool in given.Tools)
            {
                yield return new TranscriptPiece(new JsonObject { ["entry"] = "tool", ["name"] = tool.Name }, tool.Definition);
            }
        }
        else if (given.Tools.Count > 0)
        {
            yield return new TranscriptPiece(
                new JsonObject { ["entry"] = "tools", ["count"] = given.Tools.Count },
                string.Join('\n', given.Tools.Select(static tool => $"{tool.Name ?? "(no name)"}  {Wording.Size(tool.Bytes)}")));
        }

        if (given.Parameters.Count > 0)
        {
            yield return new TranscriptPiece(
                new JsonObject { ["entry"] = "parameters" }, string.Join('\n', given.Parameters.Select(static parameter => $"{parameter.Name}: {parameter.Value}")));
        }
    }

    private static TranscriptPiece Of(TranscriptEntry entry)
    {
        var item = entry.Item;
        if (item.Kind == ConversationItemKind.CompactionMarker)
        {
            return new TranscriptPiece(new JsonObject { ["entry"] = "compaction", ["id"] = entry.CompactionId ?? item.ItemId, ["note"] = "the history before gave way to what follows" }, "");
        }

        var head = new JsonObject { ["entry"] = "item" };
        Add("id", item.ItemId.Length > 0 ? item.ItemId : null);
        Add("role", WireName.Of(item.Role));
        Add("kind", WireName.Of(item.Kind));
        Add("channel", item.Channel is { } channel ? WireName.Of(channel) : null);
        Add("author", item.AgentMessage?.Author);
        Add("recipient", item.AgentMessage?.Recipient);
        Add("tool_name", entry.ToolName);
        Add("call_id", item.CallId);
        Add("tool_call_id", entry.ToolCallId);
        return new TranscriptPiece(head, entry.Text);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                head[name] = value;
            }
        }
    }
}
