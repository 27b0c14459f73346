using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

public class RawEventTests
{
    [Fact]
    public void Every_event_is_written_as_the_generated_contract_writes_it()
    {
        foreach (var rawEvent in RawEventSamples.All)
        {
            Text(rawEvent.WriteTo)
                .ShouldBe(Text(json => JsonSerializer.Serialize(json, rawEvent, BundleJsonContext.Default.RawEvent)));
        }
    }

    [Fact]
    public void Every_event_type_of_the_format_is_among_the_samples() =>
        RawEventSamples.Payloads.Select(s => s.GetType()).ToHashSet().ShouldBe(
            typeof(RawEventPayload).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(a => a.DerivedType).ToHashSet(),
            ignoreOrder: true);

    private static string Text(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
