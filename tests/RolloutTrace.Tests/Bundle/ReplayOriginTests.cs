using System.Text;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

public sealed class ReplayOriginTests
{
    private const string Manifest = """{"schema_version":1,"trace_id":"t","rollout_id":"r","root_thread_id":"r","started_at_unix_ms":1,"raw_event_log":"trace.jsonl","payloads_dir":"payloads"ORIGIN}""";

    [Fact]
    public void A_manifest_says_what_its_rollout_was_replayed_from()
    {
        var origin = new ReplayOrigin { TraceId = "t1", RolloutId = "r1" };
        var manifest = Parse(""","replayed_from":{"trace_id":"t1","rollout_id":"r1","more":[]}""");

        manifest.ReplayedFrom.ShouldBe(origin);
        BundleManifest.Parse(manifest.ToUtf8Json()).ReplayedFrom.ShouldBe(origin);
        Encoding.UTF8.GetString(Parse("").ToUtf8Json()).ShouldNotContain("replayed_from");
    }

    [Theory]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("""{"trace_id":"t1"}""")]
    [InlineData("""{"trace_id":"","rollout_id":"r1"}""")]
    [InlineData("""{"trace_id":"\ud83d","rollout_id":"r1"}""")]
    public void One_of_any_other_shape_is_ignored(string other) => Parse($",\"replayed_from\":{other}").ReplayedFrom.ShouldBeNull();

    [Theory]
    [InlineData("t1/r1", "t1/r1")]
    [InlineData("t1", null)]
    [InlineData("t1/", null)]
    [InlineData("/r1", null)]
    [InlineData("t1/r1/x", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_environment_has_both_ids_or_says_nothing(string? text, string? origin) => (ReplayOrigin.Parse(text)?.ToString()).ShouldBe(origin);

    private static BundleManifest Parse(string origin) => BundleManifest.Parse(Encoding.UTF8.GetBytes(Manifest.Replace("ORIGIN", origin, StringComparison.Ordinal)));
}
