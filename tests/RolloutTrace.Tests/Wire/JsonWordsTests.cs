using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Tests.Wire;

public sealed class JsonWordsTests
{
    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("  ", "it is empty")]
    [InlineData("{\"a\":1", "it ends in the middle")]
    [InlineData("{\"a\":\"x", "it ends in the middle")]
    [InlineData("[1,2", "it ends in the middle")]
    [InlineData("what", "something else stands where a value should begin (byte 1)")]
    [InlineData("{\n  \"a\": 1,\n  b: 2\n}", "something else stands where a member's name should begin (line 3, byte 3)")]
    [InlineData("{\"a\":1}{", "something stands behind the document (byte 8)")]
    [InlineData("[1 2]", "something stands behind a value that does not belong there (byte 4)")]
    [InlineData("[1,]", "a comma stands before the end of a list or an object (byte 4)")]
    [InlineData("[tru]", "a word stands there that is no value (byte 5)")]
    [InlineData("[\"a\tb\"]", "a character stands in a text that must be escaped there (byte 4)")]
    [InlineData("[\"\\x\"]", "an escape in a text is none (byte 4)")]
    [InlineData("[1.]", "a number does not end as one (byte 4)")]
    [InlineData("[[[[[[[[[[1]]]]]]]]]]", "it is nested too deep (byte 9)")]
    public void What_is_no_json_is_told_without_the_librarys_words(string text, string expected)
    {
        var words = JsonWords.Of(Should.Throw<JsonException>(() => JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 })));

        // Where a document that is cut ends is where it is cut.
        words.ShouldStartWith(expected);
        words.ShouldNotContain("LineNumber");
    }

    [Theory]
    [InlineData("""{"schema_version":1}""", "members are missing, such as trace_id, rollout_id, root_thread_id, started_at_unix_ms")]
    [InlineData("""{"schema_version":1,"trace_id":"t","rollout_id":"r","root_thread_id":"r","started_at_unix_ms":"x","raw_event_log":"l","payloads_dir":"p"}""", "the member started_at_unix_ms is not a whole number")]
    [InlineData("""{"schema_version":1,"trace_id":[],"rollout_id":"r","root_thread_id":"r","started_at_unix_ms":1,"raw_event_log":"l","payloads_dir":"p"}""", "the member trace_id is not a text")]
    [InlineData("[]", "it is not what it should be")]
    public void What_is_json_of_something_else_names_the_member(string manifest, string expected) =>
        Should.Throw<BundleException>(() => BundleManifest.Parse(Encoding.UTF8.GetBytes(manifest))).Message.ShouldBe($"the manifest cannot be parsed: {expected}");

    [Theory]
    [InlineData("""{"schema_version":1,"seq":1""", "no JSON: it ends in the middle (byte 28 of the line)")]
    [InlineData("""{"schema_version":1}""", "no event that is known: members are missing, such as seq, wall_time_unix_ms, rollout_id, payload")]
    [InlineData("""{"schema_version":1,"seq":"1","wall_time_unix_ms":2,"rollout_id":"r","thread_id":null,"codex_turn_id":null,"payload":{"type":"rollout_ended","status":"completed"}}""", "no event that is known: the member seq is not a whole number")]
    [InlineData("""{"schema_version":1,"seq":1,"wall_time_unix_ms":2,"rollout_id":"r","thread_id":null,"codex_turn_id":null,"payload":{}}""", "no event that is known: it does not say of what type it is, or of one that is not known")]
    public void A_line_of_the_log_says_what_is_wrong_with_it(string line, string expected) =>
        Should.Throw<BundleException>(() => RawEvent.Parse(Encoding.UTF8.GetBytes(line))).Message.ShouldBe(expected);
}
