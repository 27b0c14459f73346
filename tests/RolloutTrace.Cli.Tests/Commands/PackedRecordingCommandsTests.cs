using System.Text.Json.Nodes;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli.Tests.Commands;

/// <summary>A rollout that is packed while it is recorded, as commands find it meanwhile, and when its recorder was killed.</summary>
public sealed class PackedRecordingCommandsTests : IDisposable
{
    private const string Case = "cell-source-item-order";

    private readonly TestDirectory directory = new();

    [Theory]
    [InlineData("inspect")]
    [InlineData("anomalies")]
    [InlineData("transcript")]
    [InlineData("context")]
    [InlineData("cache")]
    [InlineData("grep", "e")]
    [InlineData("explain", "call_1")]
    [InlineData("validate")]
    [InlineData("list")]
    public void EachCommand_SaysOfItWhatItSaysOfTheBundle(string command, string? argument = null)
    {
        var bundle = directory.Copy(Case, "one");
        var recording = directory.Place("two/one");
        using var storage = new PackedStorage();
        using var writer = Record(storage, bundle, recording);
        string[] Line(string path) => command == "grep" ? [command, argument!, path, "--json"] : argument is null ? [command, path, "--json"] : [command, path, argument, "--json"];

        var ofBundle = CommandLine.Run(Line(bundle));
        var whileItRuns = CommandLine.Run(Line(recording));

        whileItRuns.Out.Replace(recording, bundle, StringComparison.Ordinal).ShouldBe(ofBundle.Out);
        whileItRuns.ExitCode.ShouldBe(ofBundle.ExitCode);
    }

    [Fact]
    public void Reduce_View_Redact_And_Pack_TakeIt()
    {
        var bundle = directory.Copy(Case, "one");
        CommandLine.Run("reduce", bundle).ExitCode.ShouldBe(0);
        CommandLine.Run("redact", bundle, "-o", directory.Place("plain")).ExitCode.ShouldBe(0);
        var recording = directory.Place("two/one");
        using var storage = new PackedStorage();
        using (Record(storage, bundle, recording))
        {
            CommandLine.Run("reduce", recording).Out.ShouldBe($"{recording}/state.json\n");
            CommandLine.Run("redact", recording, "-o", directory.Place("copy")).ExitCode.ShouldBe(0);
            CommandLine.Run("view", recording, "-o", directory.Place("x.html")).ExitCode.ShouldBe(0);
        }

        File.ReadAllText(Path.Join(recording, "state.json")).ShouldBe(File.ReadAllText(Path.Join(bundle, "state.json")));
        File.ReadAllText(directory.Place("copy/trace.jsonl")).ShouldBe(File.ReadAllText(directory.Place("plain/trace.jsonl")));

        // Nothing tells whether it runs, and its log was written to long ago.
        File.SetLastWriteTimeUtc(Path.Join(recording, "trace.jsonl"), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        CommandLine.Run("pack", recording, "--delete").ExitCode.ShouldBe(0);
        CommandLine.Run("unpack", recording + ".rollout.tar.zst").ExitCode.ShouldBe(0);
        Directory.GetFiles(Path.Join(recording, "payloads")).Select(Path.GetFileName).ShouldBe(Directory.GetFiles(Path.Join(bundle, "payloads")).Select(Path.GetFileName), ignoreOrder: true);
        CommandLine.Run("reduce", recording).ExitCode.ShouldBe(0);
        File.ReadAllText(Path.Join(recording, "state.json")).ShouldBe(File.ReadAllText(Path.Join(bundle, "state.json")));
    }

    [Fact]
    public void List_HasItBesideOthers_WithItsBytes()
    {
        var bundle = directory.Copy(Case, "root/one");
        using var storage = new PackedStorage();
        using var writer = Record(storage, bundle, directory.Place("root/two"));

        var bundles = JsonNode.Parse(CommandLine.Run("list", directory.Place("root"), "--json").Out)!["bundles"]!.AsArray();

        bundles.Count.ShouldBe(2);
        bundles.Select(static found => (long)found!["bytes"]!).Distinct().Count().ShouldBe(1);
    }

    // Where the file ends no length says that something is missing, and the log, which stands first, is whole.
    [Fact]
    public void List_SaysOfOneThatIsCutBetweenTwoFrames_ThatItIs()
    {
        var bundle = directory.Copy(Case, "one");
        var recording = directory.Place("two/one");
        using var storage = new PackedStorage();
        Record(storage, bundle, recording).Dispose();
        storage.Finish(recording, CancellationToken.None);
        var packed = recording + PackedFormat.Extension;
        CommandLine.Run("list", packed, "--json").Out.ShouldNotContain("damage");
        var bytes = File.ReadAllBytes(packed);
        var frames = Enumerable.Range(1, bytes.Length - 4).Where(at => bytes.AsSpan(at, 4).SequenceEqual((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD])).ToList();
        frames.Count.ShouldBeGreaterThan(1);
        foreach (var at in frames)
        {
            File.WriteAllBytes(packed, bytes[..at]);

            var cut = JsonNode.Parse(CommandLine.Run("list", packed, "--json").Out)!["bundles"]![0]!;

            cut["damage"]!.GetValue<string>().ShouldEndWith("it ends before its last member");
        }
    }

    public void Dispose() => directory.Dispose();

    // Records again what a bundle has. The writer stays open.
    private static BundleWriter Record(PackedStorage storage, string bundle, string target)
    {
        var reader = BundleReader.Open(bundle);
        var writer = storage.Create(target, reader.Manifest);
        foreach (var payload in Directory.GetFiles(Path.Join(bundle, "payloads"), "*.json").OrderBy(static file => int.Parse(Path.GetFileNameWithoutExtension(file))))
        {
            writer.WritePayload(int.Parse(Path.GetFileNameWithoutExtension(payload)), File.ReadAllBytes(payload));
        }

        foreach (var line in reader.ReadEvents())
        {
            writer.Append(line.Event!);
        }

        writer.Flush();
        return writer;
    }
}
