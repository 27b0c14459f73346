using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RolloutTrace.Benchmarks.Generation.Shapes;

/// <summary>How clients send the history again with each request: a rule that makes of a growing history one of its own.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Rewrite">The request as such a client sends it.</param>
internal sealed record HistoryShape(string Name, Func<RequestParts, byte[]> Rewrite)
{
    private const int WindowItems = 1000;
    private const int GiantWords = 2_000_000;

    private static readonly Lazy<ReadOnlyMemory<byte>> Giant = new(static () => new JsonText(indented: false).Bytes(new
    {
        type = "message",
        role = "user",
        content = new[] { new { type = "input_text", text = new TextSource(new Random(1), scale: 1).Prose(GiantWords) } },
    }));

    /// <summary>All of them. Seeded: the same request gives the same bytes.</summary>
    public static IReadOnlyList<HistoryShape> All { get; } =
    [
        new("growing", static r => r.ToBytes()),
        new("shifted", static r => (r with { Head = Shifted(r) }).ToBytes()),
        new("escaped", static r => Escaped(r.ToBytes())),
        new("window", static r => (r with { Items = [.. r.Items.Take(2), .. r.Items.Skip(2).TakeLast(WindowItems)] }).ToBytes()),
        new("moved", static r => (r with { Items = [r.Items[0], .. r.Items.Skip(2), r.Items[1]] }).ToBytes()),
        new("reordered", static r => (r with { Items = Reordered(r) }).ToBytes()),
        new("member", static r => (r with { Items = [.. r.Items.Select((item, i) => WithId(item, $"item_{r.Number}_{i}"))] }).ToBytes()),
        new("incremental", static r => Incremental(r)),
        new("chat", static r => (r with { Head = Renamed(r.Head), Items = [.. r.Items.Select(ChatMessage).OfType<ReadOnlyMemory<byte>>()] }).ToBytes()),
        new("giant", static r => (r with { Items = [.. r.Items.Take(2), Giant.Value, .. r.Items.Skip(3)] }).ToBytes()),
    ];

    private static ReadOnlyMemory<byte> Shifted(RequestParts request) =>
        Encoding.UTF8.GetBytes($"{{\"safety_identifier\":\"{new string('u', 1 + (request.Number % 61))}\",{Encoding.UTF8.GetString(request.Head.Span[1..])}");

    private static byte[] Escaped(byte[] request)
    {
        using var document = JsonDocument.Parse(request);
        using var escaped = new MemoryStream(request.Length * 2);
        using (var writer = new Utf8JsonWriter(escaped, new JsonWriterOptions { Encoder = JavaScriptEncoder.Default }))
        {
            document.WriteTo(writer);
        }

        return escaped.ToArray();
    }

    private static ReadOnlyMemory<byte>[] Reordered(RequestParts request)
    {
        var items = request.Items.ToArray();
        new Random(request.Number).Shuffle(items);
        return items;
    }

    private static byte[] Incremental(RequestParts request) => request.Last is null
        ? request.ToBytes()
        : (request with
        {
            Head = Encoding.UTF8.GetBytes($"{{\"previous_response_id\":\"{request.Last.Id}\",{Encoding.UTF8.GetString(request.Head.Span[1..])}"),
            Items = [.. request.Items.Skip(request.Last.ItemsThrough)],
        }).ToBytes();

    private static ReadOnlyMemory<byte> Renamed(ReadOnlyMemory<byte> head) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(head.Span).Replace("\"input\":", "\"messages\":", StringComparison.Ordinal));

    // Clients of Chat Completions leave reasoning out.
    private static ReadOnlyMemory<byte>? ChatMessage(ReadOnlyMemory<byte> item)
    {
        using var document = JsonDocument.Parse(item);
        var root = document.RootElement;
        string Text(string member) => root.GetProperty(member).GetString()!;
        object? message = Text("type") switch
        {
            "message" => new { role = Text("role"), content = root.GetProperty("content")[0].GetProperty("text").GetString() },
            "function_call" => new
            {
                role = "assistant",
                content = (string?)null,
                tool_calls = new[] { new { id = Text("call_id"), type = "function", function = new { name = Text("name"), arguments = Text("arguments") } } },
            },
            "function_call_output" => new { role = "tool", tool_call_id = Text("call_id"), content = Text("output") },
            _ => null,
        };
        return message is null ? (ReadOnlyMemory<byte>?)null : new JsonText(indented: false).Bytes(message);
    }

    private static ReadOnlyMemory<byte> WithId(ReadOnlyMemory<byte> item, string id) =>
        Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetString(item.Span[..^1])},\"id\":\"{id}\"}}");
}
