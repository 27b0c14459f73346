using System.Buffers;
using System.Text.Json;
using RolloutTrace.Replay;
using RolloutTrace.Replay.Answers;
using RolloutTrace.Wire;

namespace RolloutTrace.Cli.Replaying;

/// <summary>
/// A request that continues a recorded response, with all that it continues in it: a live model has never given that response.
/// </summary>
internal static class WholeHistory
{
    /// <summary>The request as a live model has to get it; null if it is that already.</summary>
    public static ReadOnlyMemory<byte>? Of(RecordedRun run, JsonElement request)
    {
        if (RecordedRequests.PreviousOf(request) is not { } previous || run.Requests.Answered(previous) is not { } continued)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        ApiJson.Write(buffer, json =>
        {
            json.WriteStartObject();
            foreach (var member in request.EnumerateObject())
            {
                var name = JsonText.Name(member, out _);
                if (name is not ("previous_response_id" or "input"))
                {
                    json.WritePropertyName(name);
                    member.Value.WriteTo(json);
                }
            }

            json.WriteStartArray("input"u8);
            foreach (var recorded in Chain(run, continued))
            {
                WriteRecorded(json, run, recorded);
            }

            WriteList(json, JsonText.Member(request, "input"));
            json.WriteEndArray();
            json.WriteEndObject();
        });
        return buffer.WrittenMemory;
    }

    // What a request continues was recorded before it: what says otherwise is no history.
    private static Stack<RecordedRequest> Chain(RecordedRun run, RecordedRequest last)
    {
        var chain = new Stack<RecordedRequest>();
        for (var next = last; next is not null;)
        {
            chain.Push(next);
            next = next.Previous is { } id && run.Requests.Answered(id) is { } before && before.Ordinal < next.Ordinal ? before : null;
        }

        return chain;
    }

    private static void WriteRecorded(Utf8JsonWriter json, RecordedRun run, RecordedRequest recorded)
    {
        run.ReadPayload(recorded.Payload, document => WriteList(json, Dialects.ListOf(document)));
        foreach (var item in ResponseItems.Of(AnswerReader.Read(run, recorded)))
        {
            // Thoughts that only the provider could look up are gone with the response that they stood in.
            if (JsonText.MemberOrNull(item, "type") != "reasoning" || JsonText.Member(item, "encrypted_content").ValueKind == JsonValueKind.String)
            {
                WriteItem(json, item);
            }
        }
    }

    private static void WriteList(Utf8JsonWriter json, JsonElement list)
    {
        if (list.ValueKind == JsonValueKind.String)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, "user");
            json.WriteString("content"u8, JsonText.Read(list, out _));
            json.WriteEndObject();
        }
        else if (list.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in list.EnumerateArray())
            {
                WriteItem(json, item);
            }
        }
    }

    // Ids name items that the live provider does not have.
    private static void WriteItem(Utf8JsonWriter json, JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            item.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        foreach (var member in item.EnumerateObject())
        {
            var name = JsonText.Name(member, out _);
            if (name is not ("id" or "status"))
            {
                json.WritePropertyName(name);
                member.Value.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }
}
