using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace RolloutTrace.Receiver.Protocol;

/// <summary>OTLP over HTTP: <c>/v1/logs</c> and <c>/v1/traces</c>, protobuf and JSON.</summary>
internal sealed class OtlpHttp(ExportReader reader, ApiKeys keys)
{
    private const string Json = "application/json";
    private const string Protobuf = "application/x-protobuf";

    public async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var isJson = TypeOf(request.ContentType) == Json;
        var signal = request.Path.Value == "/v1/traces" ? ExportSignal.Traces : ExportSignal.Logs;
        ExportAnswer answer;
        try
        {
            answer = WhyRefused(request) ?? await reader.ReadAsync(
                request.Body,
                signal,
                isJson,
                _ => new((request.ContentLength, Encoding(request) == "gzip")),
                context.RequestAborted).ConfigureAwait(false);
        }
        catch (RefusedException e)
        {
            answer = e.Answer;
        }

        await WriteAsync(context.Response, answer, signal, isJson).ConfigureAwait(false);
    }

    private ExportAnswer? WhyRefused(HttpRequest request)
    {
        if (request.Path.Value is not ("/v1/logs" or "/v1/traces"))
        {
            return new ExportAnswer(ExportFate.NotFound, "there are /v1/logs, /v1/traces and /healthz");
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            return new ExportAnswer(ExportFate.WrongMethod, "an export is a POST");
        }

        if (keys.WhyRefused(request.Headers.Authorization) is { } wrong)
        {
            return new ExportAnswer(ExportFate.Unauthenticated, wrong);
        }

        if (TypeOf(request.ContentType) is not (Json or Protobuf))
        {
            return new ExportAnswer(ExportFate.Unsupported, $"the content type is {Protobuf} or {Json}");
        }

        return Encoding(request) is "" or "identity" or "gzip" ? null : new ExportAnswer(ExportFate.Unsupported, "the content encoding is gzip, or there is none");
    }

    private static async Task WriteAsync(HttpResponse response, ExportAnswer answer, ExportSignal signal, bool isJson)
    {
        response.StatusCode = answer.HttpStatus;
        switch (answer.Fate)
        {
            case ExportFate.Unauthenticated:
                response.Headers.WWWAuthenticate = "Bearer";
                break;
            case ExportFate.WrongMethod:
                response.Headers.Allow = HttpMethods.Post;
                break;
            case ExportFate.Unsupported:
                response.Headers.AcceptEncoding = "gzip";
                break;
        }

        if (answer.RetrySeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        // Who sends neither is a person with a browser, or somebody who has to read why.
        var asJson = isJson || answer.Fate is ExportFate.NotFound or ExportFate.WrongMethod or ExportFate.Unsupported;
        var body = asJson ? AnswerBody.Json(answer, signal) : AnswerBody.Protobuf(answer);
        response.ContentType = asJson ? Json : Protobuf;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body).ConfigureAwait(false);
    }

    private static string Encoding(HttpRequest request) => request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();

    private static string? TypeOf(string? contentType) => MediaTypeHeaderValue.TryParse(contentType, out var type) ? type.MediaType.Value?.ToLowerInvariant() : null;
}
