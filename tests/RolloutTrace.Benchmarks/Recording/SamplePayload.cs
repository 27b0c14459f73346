using System.Text.Json;
using System.Text.Json.Serialization;
using RolloutTrace.Benchmarks.Generation;

namespace RolloutTrace.Benchmarks.Recording;

/// <summary>A model request of about a given size, as the object that an application holds and as the bytes that it sends.</summary>
internal sealed class SamplePayload
{
    public SamplePayload(int bytes)
    {
        var text = new TextSource(new Random(1), scale: 1);
        var input = new List<SampleItem>();
        Request = new SampleRequest("gpt-5-codex", "You are a coding agent.", input);
        while (Size() < bytes)
        {
            input.Add(new SampleItem("message", "user", [new SampleContent("input_text", text.Prose(20))]));
        }

        Utf8 = JsonSerializer.SerializeToUtf8Bytes(Request, SampleJsonContext.Default.SampleRequest);

        int Size() => JsonSerializer.SerializeToUtf8Bytes(Request, SampleJsonContext.Default.SampleRequest).Length;
    }

    public SampleRequest Request { get; }

    public byte[] Utf8 { get; }
}

internal sealed record SampleRequest(string Model, string Instructions, IReadOnlyList<SampleItem> Input);

internal sealed record SampleItem(string Type, string Role, IReadOnlyList<SampleContent> Content);

internal sealed record SampleContent(string Type, string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SampleRequest))]
internal sealed partial class SampleJsonContext : JsonSerializerContext;
