using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace RolloutTrace.Cli.Replaying;

/// <summary>A response as a stream of server-sent events, each written through at once. Not safe for concurrent use.</summary>
internal sealed class SseStream(HttpResponse response, CancellationToken cancellation)
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    public void Begin()
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
    }

    /// <summary>An event of JSON.</summary>
    /// <param name="name">Its name; null for one without.</param>
    /// <param name="write">Writes its data.</param>
    public async Task Send(string? name, Action<Utf8JsonWriter> write)
    {
        buffer.ResetWrittenCount();
        if (name is not null)
        {
            buffer.Write("event: "u8);
            Encoding.UTF8.GetBytes(name.AsSpan(), buffer);
            buffer.Write("\n"u8);
        }

        buffer.Write("data: "u8);
        ApiJson.Write(buffer, write);
        buffer.Write("\n\n"u8);
        await response.BodyWriter.WriteAsync(buffer.WrittenMemory, cancellation).ConfigureAwait(false);
    }

    /// <summary>The end, as Chat Completions says it.</summary>
    public async Task Done() => await response.BodyWriter.WriteAsync("data: [DONE]\n\n"u8.ToArray(), cancellation).ConfigureAwait(false);
}
