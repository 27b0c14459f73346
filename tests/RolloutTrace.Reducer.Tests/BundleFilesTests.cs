using System.IO.Compression;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests;

/// <summary>A bundle says the same wherever its files are.</summary>
public class BundleFilesTests
{
    public static TheoryData<string> Accepted => [.. ConformanceCase.Names.Where(name => !ConformanceCase.Named(name).IsRefused)];

    [Theory]
    [MemberData(nameof(Accepted))]
    public void A_bundle_in_memory_or_in_an_archive_gives_the_state_of_the_one_in_a_directory(string name)
    {
        var bundle = ConformanceCase.Named(name).Bundle;
        var target = Directory.CreateTempSubdirectory("rollout-trace-zip-");
        try
        {
            var zip = Path.Join(target.FullName, "bundle.zip");
            ZipFile.CreateFromDirectory(bundle, zip);
            using var archive = new ZipFiles(zip);
            var expected = TestBundle.ToJson(RolloutReducer.Reduce(bundle).Graph);

            TestBundle.ToJson(RolloutReducer.Reduce(BundleReader.Open(archive)).Graph).ShouldBe(expected);
            TestBundle.ToJson(RolloutReducer.Reduce(BundleReader.Open(MemoryFiles.Of(bundle))).Graph).ShouldBe(expected);
        }
        finally
        {
            target.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void A_packed_bundle_gives_the_state_of_the_one_in_a_directory(string name)
    {
        var bundle = ConformanceCase.Named(name).Bundle;
        var target = Directory.CreateTempSubdirectory("rollout-trace-packed-");
        try
        {
            var expected = TestBundle.ToJson(RolloutReducer.Reduce(bundle).Graph);
            foreach (var extension in BundleArchives.Extensions)
            {
                var file = Path.Join(target.FullName, $"packed.{extension}");
                BundleArchives.Pack(bundle, file, withName: extension != "tar");
                using var archive = BundleArchive.TryOpen(file)!;
                var files = archive.FilesOf(archive.Bundles.ShouldHaveSingleItem());

                TestBundle.ToJson(RolloutReducer.Reduce(BundleReader.Open(files)).Graph).ShouldBe(expected, extension);
                files.GetTotalLength("payloads").ShouldBe(BundleFiles.InDirectory(bundle).GetTotalLength("payloads"));
            }
        }
        finally
        {
            target.Delete(recursive: true);
        }
    }

    [Fact]
    public void Lengths_names_and_lists_are_those_of_the_directory()
    {
        var bundle = ConformanceCase.Named(ConformanceCase.Names.First(name => !ConformanceCase.Named(name).IsRefused && Directory.Exists(Path.Join(ConformanceCase.Named(name).Bundle, "payloads")))).Bundle;
        var directory = BundleFiles.InDirectory(bundle);
        BundleFiles memory = MemoryFiles.Of(bundle);

        directory.Name.ShouldBe(memory.Name);
        directory.List("payloads").OrderBy(file => file.Name, StringComparer.Ordinal).ShouldBe(memory.List("payloads").OrderBy(file => file.Name, StringComparer.Ordinal));
        directory.GetTotalLength("payloads").ShouldBe(memory.GetTotalLength("payloads"));
        directory.GetLength("trace.jsonl").ShouldBe(new FileInfo(Path.Join(bundle, "trace.jsonl")).Length);
        directory.GetTotalLength("nowhere").ShouldBe(0);
        directory.Exists("payloads").ShouldBeFalse();
    }

    [Fact]
    public void What_is_missing_from_an_archive_is_told_as_what_is_missing_from_a_directory()
    {
        var files = new MemoryFiles("b", new Dictionary<string, byte[]>
        {
            ["manifest.json"] = """{"schema_version":1,"trace_id":"t","rollout_id":"r","root_thread_id":"r","started_at_unix_ms":1,"raw_event_log":"log","payloads_dir":"payloads"}"""u8.ToArray(),
            ["log"] = """
                {"schema_version":1,"seq":1,"wall_time_unix_ms":2,"rollout_id":"r","thread_id":"r","codex_turn_id":null,"payload":{"type":"thread_started","thread_id":"r","agent_path":"/root","metadata_payload":{"raw_payload_id":"raw_payload:1","kind":{"type":"session_metadata"},"path":"payloads/1.json"}}}
                {"schema_version":1,"seq":2,"wall_time_unix_ms":2,"rollout_id":"r","thread_id":"r","codex_turn_id":null,"payload":{"type":"rollout_ended","status":"completed"}}
                """u8.ToArray(),
        });

        var result = RolloutReducer.Reduce(BundleReader.Open(files));

        result.Diagnostics.Single().Message.ShouldBe("payload raw_payload:1: memory:b/payloads/1.json: there is no such file; what names it is kept without it");
    }

    [Fact]
    public void A_limit_on_payloads_holds_wherever_they_are()
    {
        var files = new MemoryFiles("b", new Dictionary<string, byte[]>
        {
            ["manifest.json"] = new BundleManifest { TraceId = "t", RolloutId = "r", RootThreadId = "r", StartedAtUnixMs = 1 }.ToUtf8Json(),
            ["payloads/1.json"] = "[1,2,3]"u8.ToArray(),
        });
        var bundle = BundleReader.Open(files, new BundleReaderOptions { MaxPayloadBytes = 6 });

        Should.Throw<BundleException>(() => bundle.ReadPayload(PayloadReference.ForNumber(1, PayloadKind.ToolResult)))
            .Message.ShouldBe("memory:b/payloads/1.json: 7 bytes are more than the limit of 6");
    }
}
