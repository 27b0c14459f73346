using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Replay.Answers;

/// <summary>Reads what came of recorded requests, in any API's words.</summary>
internal static partial class AnswerReader
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    /// <summary>What came of a request that has ended.</summary>
    /// <exception cref="ReplayException">It was answered, and the answer cannot be read.</exception>
    public static RecordedAnswer Read(RecordedRun run, RecordedRequest request)
    {
        var answer = run.Rollout.Payloads?.Document(request.Response, response => Read(request, response));
        if (answer is null && request.IsCompleted)
        {
            throw new ReplayException(ReplayReason.Unreadable, $"request {request.Id} was answered, and its answer cannot be read: {request.Response?.Path ?? "it has no payload"}") { NearestId = request.Id };
        }

        return answer ?? Read(request, Nothing);
    }

    private static RecordedAnswer Read(RecordedRequest request, JsonElement response)
    {
        var wire = new WireItems();
        var said = Dialects.ReadResponse(response, wire);
        var items = new List<AnswerItem>();
        foreach (var item in wire)
        {
            items.Add(Of(item));
        }

        var status = request.Execution.Status switch
        {
            ExecutionStatus.Completed => AnswerStatus.Completed,
            ExecutionStatus.Failed => AnswerStatus.Failed,
            _ => AnswerStatus.Cancelled,
        };
        var calls = items.Exists(static item => item.Kind is AnswerItemKind.Call or AnswerItemKind.CustomCall);
        return new RecordedAnswer
        {
            Request = request,
            Status = status,
            Items = items,
            ResponseId = request.ResponseId ?? said.Id,
            Model = said.Model ?? request.Model,
            Usage = said.Usage,
            FinishReason = said.FinishReasons() is [var reason, ..] ? reason : calls ? "tool_calls" : "stop",
            Duration = TimeSpan.FromMilliseconds(Math.Max(0, (request.Execution.EndedAtUnixMs ?? 0) - request.Execution.StartedAtUnixMs)),
            StatusCode = status == AnswerStatus.Failed ? StatusIn(request.Error) : null,
        };
    }

    private static AnswerItem Of(WireItem item) => new()
    {
        Kind = item.Kind switch
        {
            WireItemKind.Message => AnswerItemKind.Message,
            WireItemKind.Reasoning => AnswerItemKind.Reasoning,
            WireItemKind.FunctionCall => AnswerItemKind.Call,
            WireItemKind.CustomToolCall => AnswerItemKind.CustomCall,
            WireItemKind.FunctionCallOutput or WireItemKind.CustomToolCallOutput => AnswerItemKind.Output,
            _ => AnswerItemKind.Other,
        },
        Id = JsonText.MemberOrNull(item.Source, "id"),
        Role = item.Role,
        Name = item.Kind == WireItemKind.Message ? JsonText.MemberOrNull(item.Source, "name") : item.Name,
        CallId = item.CallId,
        Text = item.Kind is WireItemKind.FunctionCallOutput or WireItemKind.CustomToolCallOutput ? TextOf(item) : Raw(item.Content),
        Parts = PartsOf(item),
        Encrypted = EncryptedOf(item),
        Json = Json(item.Source),
    };

    private static string TextOf(WireItem item)
    {
        var text = new StringBuilder();
        foreach (var part in item.Parts)
        {
            text.Append(part.Kind == WirePartKind.Reference ? Raw(part.Source) : Raw(part.Value));
        }

        return text.ToString();
    }

    private static List<AnswerPart> PartsOf(WireItem item)
    {
        var parts = new List<AnswerPart>();
        if (item.Kind is not (WireItemKind.Message or WireItemKind.Reasoning))
        {
            return parts;
        }

        var refusal = JsonText.MemberOrNull(item.Source, "refusal");
        foreach (var part in item.Parts)
        {
            if (part.Kind is WirePartKind.Text or WirePartKind.Summary or WirePartKind.TextOrReference && JsonText.Read(part.Value, out _) is { } text)
            {
                parts.Add(new AnswerPart(text, JsonText.MemberOrNull(part.Source, "type") == "refusal" || text == refusal, null));
            }
            else if (part.Kind is not WirePartKind.Encoded && part.Source.ValueKind == JsonValueKind.Object)
            {
                parts.Add(new AnswerPart(null, false, Json(part.Source)));
            }
        }

        return parts;
    }

    private static string? EncryptedOf(WireItem item)
    {
        foreach (var part in item.Parts)
        {
            if (item.Kind == WireItemKind.Reasoning && part.Kind == WirePartKind.Encoded)
            {
                return JsonText.Read(part.Value, out _);
            }
        }

        return null;
    }

    private static string Json(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? "null" : Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value));

    private static string Raw(JsonElement value) =>
        value.ValueKind == JsonValueKind.Undefined ? "" : JsonText.Read(value, out _) ?? Json(value);

    private static HttpStatusCode? StatusIn(string? error) =>
        error is not null && Statuses().Match(error) is { Success: true } match ? (HttpStatusCode)int.Parse(match.ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"(?<![\w.])[45]\d\d(?![\w.]*\w)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Statuses();
}
