using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

public sealed class BundleManifestTests
{
    private const string Plain = """{"schema_version":1,"trace_id":"t","rollout_id":"r é","root_thread_id":"r","started_at_unix_ms":-5,"raw_event_log":"trace.jsonl","payloads_dir":"payloads","writer_lock":"l"}""";

    [Fact]
    public void One_of_plain_members_is_read_without_the_contract()
    {
        var manifest = PlainManifest.Read(Encoding.UTF8.GetBytes(Plain)).ShouldNotBeNull();

        Encoding.UTF8.GetString(manifest.ToUtf8Json()).ShouldBe(Plain.Replace("é", "\\u00E9", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{", "{ ")]
    [InlineData("{", "\n{\n  ")]
    [InlineData(",\"trace_id\":\"t\"", "")]
    [InlineData("\"l\"}", "null}")]
    [InlineData("\"l\"}", "\"l\"}x")]
    [InlineData("\"l\"}", "\"l\"} ")]
    [InlineData("\"l\"}", "\"l\",}")]
    [InlineData("\"l\"}", "\"l\"")]
    [InlineData("\"l\"}", "\"l\",\"writer_lock\":\"m\"}")]
    [InlineData("\"l\"}", "\"l\",\"trace_id\":\"u\"}")]
    [InlineData("\"l\"}", "\"l\",\"unknown\":[1]}")]
    [InlineData("\"l\"}", "\"l\",\"resumed_from\":{\"trace_id\":\"t1\",\"rollout_id\":\"r1\"}}")]
    [InlineData("\"t\"", "\"\\u0041\\n\"")]
    [InlineData("\"t\"", "\"\\uD800\"")]
    [InlineData("\"t\"", "null")]
    [InlineData("\"t\"", "7")]
    [InlineData("\"trace_id\"", "\"Trace_id\"")]
    [InlineData("\"trace_id\"", "\"trace\\u005Fid\"")]
    [InlineData(":1,", ":1.0,")]
    [InlineData(":1,", ":\"1\",")]
    [InlineData(":1,", ":2147483647,")]
    [InlineData(":1,", ":2147483648,")]
    [InlineData(":-5", ":1e3")]
    [InlineData(":-5", ":9223372036854775807")]
    [InlineData(":-5", ":9223372036854775808")]
    [InlineData("{", "[")]
    [InlineData("{", "// c\n{")]
    public void Any_other_is_what_the_contract_says(string text, string other)
    {
        var json = Encoding.UTF8.GetBytes(Plain.Replace(text, other, StringComparison.Ordinal));

        Read(() => BundleManifest.Parse(json)).ShouldBe(Read(() => JsonSerializer.Deserialize(json, BundleJsonContext.Default.BundleManifest)!));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_left_to_the_contract()
    {
        var json = Encoding.UTF8.GetBytes(Plain);
        json[json.AsSpan().IndexOf("\"t\""u8) + 1] = 0xFF;

        PlainManifest.Read(json).ShouldBeNull();
        Should.Throw<BundleException>(() => BundleManifest.Parse(json));
    }

    // What is read, or that nothing is.
    private static string Read(Func<BundleManifest> read)
    {
        try
        {
            return Encoding.UTF8.GetString(read().ToUtf8Json());
        }
        catch (Exception e) when (e is BundleException or JsonException)
        {
            return "refused";
        }
    }
}
