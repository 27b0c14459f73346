using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RolloutTrace.Replay;

namespace RolloutTrace.Cli.Replaying;

/// <summary>What both APIs write alike.</summary>
internal static class ApiJson
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void Write(IBufferWriter<byte> to, Action<Utf8JsonWriter> write)
    {
        using var json = new Utf8JsonWriter(to, Writing);
        write(json);
    }

    /// <summary>The whole response is a JSON document.</summary>
    public static async Task Give(HttpResponse response, int status, Action<Utf8JsonWriter> write, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, write);
        response.StatusCode = status;
        response.ContentType = "application/json";
        await response.BodyWriter.WriteAsync(buffer.WrittenMemory, cancellation).ConfigureAwait(false);
    }

    /// <summary>An error as both APIs have it.</summary>
    public static void WriteError(Utf8JsonWriter json, string message, string type, string code, ReplayException? why = null)
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, message);
        json.WriteString("type"u8, type);
        json.WriteNull("param"u8);
        json.WriteString("code"u8, code);
        if (why is not null)
        {
            json.WriteString("nearest_request"u8, why.NearestId);
            WriteDifference(json, why.Difference);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteDifference(Utf8JsonWriter json, ReplayDifference? difference)
    {
        if (difference is null)
        {
            json.WriteNull("difference"u8);
            return;
        }

        json.WriteStartObject("difference"u8);
        json.WriteString("what"u8, difference.What);
        json.WriteString("name"u8, difference.Name);
        if (difference.Index is { } index)
        {
            json.WriteNumber("index"u8, index);
        }
        else
        {
            json.WriteNull("index"u8);
        }

        json.WriteString("recorded"u8, difference.Recorded);
        json.WriteString("asked"u8, difference.Asked);
        json.WriteEndObject();
    }
}
