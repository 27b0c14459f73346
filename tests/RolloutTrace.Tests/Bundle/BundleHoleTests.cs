using System.Text;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

public sealed class BundleHoleTests
{
    private const string Manifest = """{"schema_version":1,"trace_id":"t","rollout_id":"r","root_thread_id":"r","started_at_unix_ms":1,"raw_event_log":"trace.jsonl","payloads_dir":"payloads"HOLE}""";

    [Theory]
    [InlineData("""{"missing_seq":[[17,17],[40,52]],"missing_payloads":["payloads/12.json"]}""", "lacks events 17, 40-52 and payloads/12.json")]
    [InlineData("""{"missing_seq":[],"missing_payloads":[],"missing_manifest":true}""", "lacks the manifest")]
    [InlineData("""{"missing_seq":[[1,9223372036854775807]],"missing_payloads":[]}""", "lacks events 1-9223372036854775807")]
    public void A_manifest_says_what_did_not_come_and_is_written_byte_for_byte_as_it_was(string hole, string words)
    {
        var manifest = Parse(hole);

        manifest.Collected.ShouldNotBeNull().ToString().ShouldBe(words);
        Encoding.UTF8.GetString(manifest.ToUtf8Json()).ShouldBe(Of(hole));
    }

    [Fact]
    public void One_of_which_all_came_says_nothing() => Encoding.UTF8.GetString(BundleManifest.Parse(Encoding.UTF8.GetBytes(Manifest.Replace("HOLE", "", StringComparison.Ordinal))).ToUtf8Json()).ShouldNotContain("collected");

    [Theory]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"lacks\"")]
    [InlineData("{}")]
    [InlineData("""{"missing_seq":7,"missing_payloads":{},"missing_manifest":"yes"}""")]
    [InlineData("""{"missing_seq":[[1],[1,2,3],[0,1],[2,1],[1,"2"],[1.5,2],[1e400,2],[1,9223372036854775808],"1",null,[-3,-2]]}""")]
    [InlineData("""{"missing_payloads":["payloads/0.json","payloads/01.json","payloads/x.json","../payloads/1.json","payloads/.json","payloads/1.json\u0000","\ud83d",7,null,"payloads/99999999999999999999.json"]}""")]
    public void One_of_any_other_shape_is_ignored(string other) => Parse(other).Collected.ShouldBeNull();

    [Fact]
    public void What_is_of_its_shape_counts_beside_what_is_not()
    {
        var hole = Parse("""{"more":{"a":[]},"missing_payloads":[7,"payloads/3.json","/etc/passwd"],"missing_seq":[["a",1],[4,6]],"missing_manifest":1}""").Collected.ShouldNotBeNull();

        hole.MissingSeq.ShouldBe([new MissingSeq(4, 6)]);
        hole.MissingPayloads.ShouldBe(["payloads/3.json"]);
        hole.MissingManifest.ShouldBeFalse();
    }

    private static string Of(string hole) => Manifest.Replace("HOLE", $",\"collected\":{hole}", StringComparison.Ordinal);

    private static BundleManifest Parse(string hole) => BundleManifest.Parse(Encoding.UTF8.GetBytes(Of(hole)));
}
