using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RolloutTrace.Bundle;
using RolloutTrace.Replay;
using RolloutTrace.Replay.Answers;
using RolloutTrace.Replay.Chat;
using RolloutTrace.Wire;

namespace RolloutTrace.Cli.Replaying;

/// <summary>What is at which address of a server that plays a recording: the models, Chat Completions and Responses. Safe for concurrent use.</summary>
/// <param name="session">The recording as it is played.</param>
/// <param name="live">Who answers what was never asked; null for nobody.</param>
/// <param name="port">The port that is listened on.</param>
/// <param name="tell">Told what was asked and could not be answered, and from which request on the live model answers.</param>
internal sealed class ReplaySite(ReplaySession session, LiveModel? live, int port, Action<string> tell)
{
    private const int ClientClosedRequest = 499;
    private const string NotFound = "not_found";

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    private readonly ChatCompletionsApi chatCompletions = new();
    private readonly ResponsesApi responses = new();
    private int toldOfLive;

    public async Task Answer(HttpContext context)
    {
        var (request, response, gone) = (context.Request, context.Response, context.RequestAborted);
        response.Headers.XContentTypeOptions = "nosniff";
        var path = (request.Path.Value ?? "").Trim('/');
        path = path == "v1" ? "" : path.StartsWith("v1/", StringComparison.Ordinal) ? path[3..] : path;
        try
        {
            if (WhyRefused(request) is { } refused)
            {
                await Fail(response, StatusCodes.Status403Forbidden, refused, "forbidden", gone).ConfigureAwait(false);
            }
            else if (HttpMethods.IsPost(request.Method) && path is "chat/completions" or "responses")
            {
                await Ask(context, path, path == "responses" ? responses : chatCompletions).ConfigureAwait(false);
            }
            else if (HttpMethods.IsGet(request.Method) && (path == "models" || path.StartsWith("models/", StringComparison.Ordinal)))
            {
                await Models(response, path, gone).ConfigureAwait(false);
            }
            else
            {
                await Fail(response, StatusCodes.Status404NotFound, $"{request.Method} {request.Path} is not answered here; POST /v1/chat/completions, POST /v1/responses and GET /v1/models are", NotFound, gone).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it any more.
            response.StatusCode = response.HasStarted ? response.StatusCode : ClientClosedRequest;
        }
    }

    // A page of another site must not use a person's browser to ask, nor a name that was bound to this machine for that.
    private string? WhyRefused(HttpRequest request) =>
        request.Headers.Host.ToString() is var host && host != $"127.0.0.1:{port}" && host != $"localhost:{port}" ? $"this server is 127.0.0.1:{port}, not {host}"
        : request.Headers.Origin.Count > 0 ? "pages in a browser are not answered here"
        : null;

    private async Task Ask(HttpContext context, string path, IReplayedApi api)
    {
        var (response, gone) = (context.Response, context.RequestAborted);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, gone).ConfigureAwait(false);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length), Reading);
        }
        catch (JsonException e)
        {
            await Fail(response, StatusCodes.Status400BadRequest, $"the request is no JSON: {e.Message}", "invalid_json", gone).ConfigureAwait(false);
            return;
        }

        using (document)
        {
            await Ask(context, path, api, document.RootElement, body.GetBuffer().AsMemory(0, (int)body.Length)).ConfigureAwait(false);
        }
    }

    private async Task Ask(HttpContext context, string path, IReplayedApi api, JsonElement request, ReadOnlyMemory<byte> body)
    {
        var (response, gone) = (context.Response, context.RequestAborted);
        RecordedAnswer? answer;
        try
        {
            answer = session.Answer(request, hasLive: live is not null);
        }
        catch (ReplayException e)
        {
            tell(e.Message);
            var (status, code) = e.Reason switch
            {
                ReplayReason.NeverAsked => (StatusCodes.Status404NotFound, "never_asked"),
                ReplayReason.AskedTooOften => (StatusCodes.Status410Gone, "asked_too_often"),
                ReplayReason.Unended => (StatusCodes.Status410Gone, "unended"),
                _ => (StatusCodes.Status410Gone, "unreadable"),
            };
            await ApiJson.Give(response, status, json => ApiJson.WriteError(json, e.Message, "replay_error", code, e), gone).ConfigureAwait(false);
            return;
        }

        if (answer is null)
        {
            await AskLive(context, path, WholeHistory.Of(session.Run, request) ?? body).ConfigureAwait(false);
            return;
        }

        await Give(context, api, request, answer).ConfigureAwait(false);
    }

    private async Task AskLive(HttpContext context, string path, ReadOnlyMemory<byte> body)
    {
        if (Interlocked.Exchange(ref toldOfLive, 1) == 0)
        {
            tell("from here on the live model answers");
        }

        try
        {
            await live!.Answer(context, path, body, context.RequestAborted).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (!context.Response.HasStarted)
        {
            tell($"the live model: {e.Message}");
            await Fail(context.Response, StatusCodes.Status502BadGateway, $"the live model cannot be asked: {e.Message}", "live_unreachable", context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            tell($"the live model broke off: {e.Message}");
            context.Abort();
        }
    }

    private async Task Give(HttpContext context, IReplayedApi api, JsonElement request, RecordedAnswer answer)
    {
        var (response, gone) = (context.Response, context.RequestAborted);
        var streams = JsonText.Member(request, "stream").ValueKind == JsonValueKind.True;
        if (!streams)
        {
            await Pace.Wait(answer, session.Options, of: 1, gone).ConfigureAwait(false);
        }

        var hasArrived = streams && answer.Items.Count > 0;
        if (answer.Status == AnswerStatus.Failed && !hasArrived)
        {
            await ApiJson.Give(response, (int?)answer.StatusCode ?? StatusCodes.Status500InternalServerError, json => ApiJson.WriteError(json, answer.Error, "server_error", "replayed_failure"), gone).ConfigureAwait(false);
            return;
        }

        if (streams)
        {
            await api.Stream(request, answer, response, of => Pace.Wait(answer, session.Options, of, gone), gone).ConfigureAwait(false);
        }
        else if (answer.Status == AnswerStatus.Completed)
        {
            await ApiJson.Give(response, StatusCodes.Status200OK, json => api.Write(json, answer), gone).ConfigureAwait(false);
        }

        else
        {
            // There is no answer, as there was none. A stream ends before its answer does; breaking it off could take with it what had arrived.
            context.Abort();
        }
    }

    private async Task Models(HttpResponse response, string path, CancellationToken gone)
    {
        var known = session.Run.Requests.All.Select(static request => request.Model).Where(static model => model.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (path == "models")
        {
            await ApiJson.Give(response, StatusCodes.Status200OK, json =>
            {
                json.WriteStartObject();
                json.WriteString("object"u8, "list");
                json.WriteStartArray("data"u8);
                known.ForEach(model => WriteModel(json, model));
                json.WriteEndArray();
                json.WriteEndObject();
            }, gone).ConfigureAwait(false);
        }
        else if (known.Find(model => model == path["models/".Length..]) is { } one)
        {
            await ApiJson.Give(response, StatusCodes.Status200OK, json => WriteModel(json, one), gone).ConfigureAwait(false);
        }
        else
        {
            await Fail(response, StatusCodes.Status404NotFound, $"no request of the recording is for the model '{path["models/".Length..]}'", NotFound, gone).ConfigureAwait(false);
        }
    }

    private void WriteModel(Utf8JsonWriter json, string model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model);
        json.WriteString("object"u8, "model");
        json.WriteNumber("created"u8, session.Run.Rollout.Graph.StartedAtUnixMs / 1000);
        json.WriteString("owned_by"u8, "rollout-trace");
        json.WriteEndObject();
    }

    private static Task Fail(HttpResponse response, int status, string message, string code, CancellationToken gone) =>
        ApiJson.Give(response, status, json => ApiJson.WriteError(json, message, "invalid_request_error", code), gone);
}
