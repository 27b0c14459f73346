using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RolloutTrace.Replay.Answers;

namespace RolloutTrace.Cli.Replaying;

/// <summary>Answers in the words of the Responses API.</summary>
internal sealed class ResponsesApi : IReplayedApi
{
    public void Write(Utf8JsonWriter json, RecordedAnswer answer) => ResponseObject.Write(json, answer, StatusOf(answer), ResponseItems.Of(answer));

    public async Task Stream(JsonElement request, RecordedAnswer answer, HttpResponse response, Func<int, Task> wait, CancellationToken cancellation)
    {
        var stream = new SseStream(response, cancellation);
        stream.Begin();
        var items = ResponseItems.Of(answer);
        var events = Events(answer, items).ToList();
        for (var i = 0; i < events.Count; i++)
        {
            var (name, write) = events[i];
            var number = i;
            await wait(events.Count).ConfigureAwait(false);
            await stream.Send(name, json =>
            {
                json.WriteStartObject();
                json.WriteString("type"u8, name);
                json.WriteNumber("sequence_number"u8, number);
                write(json);
                json.WriteEndObject();
            }).ConfigureAwait(false);
        }
    }

    private static IEnumerable<(string Name, Action<Utf8JsonWriter> Write)> Events(RecordedAnswer answer, IReadOnlyList<JsonElement> items)
    {
        yield return ("response.created", json => Response(json, answer, "in_progress", []));
        yield return ("response.in_progress", json => Response(json, answer, "in_progress", []));
        for (var i = 0; i < items.Count; i++)
        {
            foreach (var told in ResponseItemEvents.Of(items[i], i))
            {
                yield return told;
            }
        }

        switch (answer.Status)
        {
            case AnswerStatus.Completed:
                var status = StatusOf(answer);
                yield return ($"response.{status}", json => Response(json, answer, status, items));
                break;
            case AnswerStatus.Failed:
                yield return ("response.failed", json => Response(json, answer, "failed", items));
                break;
        }
    }

    private static void Response(Utf8JsonWriter json, RecordedAnswer answer, string status, IReadOnlyList<JsonElement> items)
    {
        json.WritePropertyName("response"u8);
        ResponseObject.Write(json, answer, status, items);
    }

    private static string StatusOf(RecordedAnswer answer) => answer.FinishReason is "length" or "content_filter" ? "incomplete" : "completed";
}
