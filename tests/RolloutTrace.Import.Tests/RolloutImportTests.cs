using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using RolloutTrace.Bundle;
using RolloutTrace.Import.Tests.Claude;
using RolloutTrace.Import.Tests.Codex;

namespace RolloutTrace.Import.Tests;

/// <summary>What may be wrong with inputs and outputs, whatever their format.</summary>
public sealed class RolloutImportTests
{
    private static readonly IReadOnlyList<string> Log = new CodexLog().Meta().Started("t1").User("go").Says("x").Completed("t1").Lines;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_compressed_file_is_what_is_in_it(bool isZstd)
    {
        using var plain = new ImportDirectory().With("a.jsonl", Log);
        using var packed = new ImportDirectory().With("a.bin", Packed(Log, isZstd));

        File.ReadAllText(Path.Join(plain.RunOne().Bundle, "trace.jsonl")).ShouldBe(File.ReadAllText(Path.Join(packed.RunOne().Bundle, "trace.jsonl")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_compressed_file_that_is_cut_gives_what_is_there_and_is_told(bool isZstd)
    {
        var noise = new byte[200_000];
        new Random(7).NextBytes(noise);
        var text = new CodexLog().Meta().Started("t1").User("go").Says(Convert.ToHexString(noise)).Completed("t1").Lines;
        var packed = Packed(text, isZstd);
        using var directory = new ImportDirectory().With("a.gz", packed[..^1000]);

        var result = directory.Run();

        result.Rollouts.ShouldHaveSingleItem().HasEnded.ShouldBeFalse();
        result.IsSound.ShouldBeFalse();
        packed.AsSpan(4, 12).Fill(0xff);
        directory.With("a.gz", packed).Run().Diagnostics[0].Code.ShouldBe(ImportCodes.FileUnreadable);
    }

    [Fact]
    public void What_can_be_imported_is_recognized_without_being_read()
    {
        using var directory = new ImportDirectory().With("log.jsonl", Log).With("log.gz", Packed(Log, isZstd: false)).With("spans.json", """{"resourceSpans":[""").With("other.json", """{"a":1}""").With("empty", Array.Empty<byte>());
        string[] names = ["log.jsonl", "log.gz", "spans.json", "other.json", "empty", "none"];

        names.Where(name => RolloutImport.Recognizes(Path.Join(directory.Input, name))).ShouldBe(["log.jsonl", "log.gz", "spans.json"]);
    }

    [Fact]
    public void Files_of_no_known_format_empty_ones_and_those_without_a_conversation_are_told_and_the_others_imported()
    {
        using var directory = new ImportDirectory().With("a.jsonl", Log).With("b.txt", "hello", "you").With("c.jsonl", Array.Empty<byte>())
            .With("d.jsonl", """{"type":"summary","summary":"x","leafUuid":"y"}""").With("e.jsonl", new CodexLog().Meta("other").Lines).With(".hidden", "x").With("f.json", """{"a":1}""");

        var result = directory.Run();

        result.Rollouts.Count.ShouldBe(1);
        result.Diagnostics.Select(static diagnostic => $"{Path.GetFileName(diagnostic.File)} {diagnostic.Code}").ShouldBe(
            ["b.txt format_unknown", "c.jsonl format_unknown", "d.jsonl nothing_found", "e.jsonl nothing_found", "f.json format_unknown"]);
        Directory.GetFileSystemEntries(directory.Output).Length.ShouldBe(1);
    }

    [Fact]
    public void A_pipe_a_device_and_what_is_not_there_are_refused_at_once()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var directory = new ImportDirectory().With("a.jsonl", Log);
        var pipe = Path.Join(directory.Input, "pipe");
        Process.Start("mkfifo", pipe).WaitForExit();

        var result = RolloutImport.Run([directory.Input, "/dev/zero", Path.Join(directory.Path, "nothing")], directory.Output);

        result.Rollouts.Count.ShouldBe(1);
        result.Diagnostics.Select(static diagnostic => diagnostic.Code).ShouldBe([ImportCodes.FileUnreadable, ImportCodes.FileUnreadable, ImportCodes.FileUnreadable]);
        result.Diagnostics.Single(diagnostic => diagnostic.File == pipe).Message.ShouldContain("pipe");
    }

    [Fact]
    public void A_line_that_is_too_textor_too_deep_costs_itself()
    {
        var deep = $"{new string('[', 300)}{new string(']', 300)}";
        using var directory = new ImportDirectory().With("a.jsonl", new CodexLog().Meta().Started("t1").User("go").User(new string('x', 5000)).Item($$"""{"type":"message","role":"user","content":{{deep}}}""").Says("x").Completed("t1").Lines);

        var result = directory.Run(new ImportOptions { Limits = BundleReaderOptions.Default with { MaxLineBytes = 2000 } });

        var session = new ImportedSession(result.Rollouts.ShouldHaveSingleItem().Bundle, result);
        session.Saw(1).ShouldBe(["user: go"]);
        session.Diagnostics.ShouldBe(["line_unreadable 4 1", "line_unreadable 5 1"]);
    }

    [Fact]
    public void What_is_nested_as_deep_as_readers_go_is_in_bundles_that_can_be_read()
    {
        for (var depth = 100; depth <= 128; depth++)
        {
            var nested = $"{new string('[', depth)}{new string(']', depth)}";
            using var directory = new ImportDirectory()
                .With("a.jsonl", new CodexLog().Meta().Started("t1").User("go").Calls("c1").Item($$"""{"type":"function_call_output","call_id":"c1","output":{{nested}}}""").Says("x").Completed("t1").Lines)
                .With("b.jsonl", new ClaudeLog().User("u1", "go").Calls("a1", "m1", "c1").Result("r1", "c1", nested).Says("a2", "m2", "x").Lines);
            foreach (var rollout in directory.Run().Rollouts)
            {
                new ImportedSession(rollout.Bundle, directory.Run()).ReductionDiagnostics.ShouldBeEmpty($"depth {depth}");
            }
        }
    }

    [Fact]
    public void Any_bytes_cut_anywhere_harm_nothing()
    {
        var random = new Random(5);
        var sound = Encoding.UTF8.GetBytes(string.Join("\n", new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1", "Task", """{"prompt":"One."}""").Sidechain(true).User("s1", "One.").Says("s2", "m2", "1").Sidechain(false, "a1").Result("r1", "t1", "\"1\"").Says("a2", "m3", "done").Lines)
            + "\n" + string.Join("\n", Log));
        for (var i = 0; i < 200; i++)
        {
            var bytes = sound[..random.Next(sound.Length)];
            for (var damaged = 0; damaged < 5 && bytes.Length > 0; damaged++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            using var directory = new ImportDirectory().With("a.jsonl", bytes);
            var result = directory.Run();
            foreach (var rollout in result.Rollouts)
            {
                _ = new ImportedSession(rollout.Bundle, result);
            }
        }
    }

    [Fact]
    public void Overlapping_paths_mean_a_file_once()
    {
        using var directory = new ImportDirectory().With("x/a.jsonl", Log);

        RolloutImport.Run([directory.Input, Path.Join(directory.Input, "x"), Path.Join(directory.Input, "x", "..", "x", "a.jsonl")], directory.Output).IsSound.ShouldBeTrue();
    }

    [Fact]
    public void A_later_import_replaces_an_earlier_one_and_nothing_else()
    {
        using var directory = new ImportDirectory().With("a.jsonl", Log);
        var first = directory.RunOne();
        directory.With("a.jsonl", [.. Log, .. new CodexLog().Started("t2").User("more").Says("y").Completed("t2").Lines]);

        var second = directory.RunOne();

        second.Bundle.ShouldBe(first.Bundle);
        second.Requests.Count.ShouldBe(2);

        Directory.Delete(second.Bundle, recursive: true);
        Directory.CreateDirectory(second.Bundle);
        File.WriteAllText(Path.Join(second.Bundle, "mine"), "x");
        var result = directory.Run();
        result.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(ImportCodes.BundleUnwritable);
        File.Exists(Path.Join(second.Bundle, "mine")).ShouldBeTrue();
    }

    [Fact]
    public void An_output_that_cannot_be_written_is_told()
    {
        using var directory = new ImportDirectory().With("a.jsonl", Log);
        File.WriteAllText(directory.Output, "a file");

        directory.Run().Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(ImportCodes.BundleUnwritable);
    }

    [Fact]
    public void The_order_in_which_files_are_given_changes_nothing()
    {
        using var directory = new ImportDirectory().With("a.jsonl", Log).With("b.jsonl", new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1", "Task", """{"prompt":"One."}""").Lines)
            .With("c.jsonl", new ClaudeLog(agent: "aaa", startSecond: 1).User("s1", "One.").Says("s2", "m2", "1").Lines);
        var files = Directory.GetFiles(directory.Input);
        RolloutImport.Run(files, directory.Output);
        var other = Path.Join(directory.Path, "other");
        RolloutImport.Run([.. files.Reverse()], other);

        Contents(directory.Output).ShouldBe(Contents(other));
    }

    private static List<string> Contents(string root) =>
        [.. Directory.GetFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => $"{Path.GetRelativePath(root, file)} {File.ReadAllText(file)}")];

    private static byte[] Packed(IEnumerable<string> lines, bool isZstd)
    {
        var text = Encoding.UTF8.GetBytes(string.Join("\n", lines) + "\n");
        using var packed = new MemoryStream();
        using (Stream writer = isZstd ? new ZstdSharp.CompressionStream(packed) : new GZipStream(packed, CompressionMode.Compress))
        {
            writer.Write(text);
        }

        return packed.ToArray();
    }
}
