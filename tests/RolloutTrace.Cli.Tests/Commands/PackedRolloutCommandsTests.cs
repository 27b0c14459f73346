using System.Text.Json.Nodes;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli.Tests.Commands;

public sealed class PackedRolloutCommandsTests : IDisposable
{
    private const string Case = "cell-source-item-order";

    private static readonly DateTimeOffset LongAfter = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

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
    public void EachCommand_SaysOfAPackedRolloutWhatItSaysOfTheBundle(string command, string? argument = null)
    {
        var bundle = directory.Copy(Case, "one");
        var packed = Pack(bundle, delete: false);
        string[] Line(string path) => command == "grep" ? [command, argument!, path, "--json"] : argument is null ? [command, path, "--json"] : [command, path, argument, "--json"];

        var ofBundle = CommandLine.Run(Line(bundle));
        var ofPacked = CommandLine.Run(Line(packed));

        ofPacked.Out.Replace(packed, bundle, StringComparison.Ordinal).ShouldBe(ofBundle.Out);
        ofPacked.ExitCode.ShouldBe(ofBundle.ExitCode);
    }

    [Fact]
    public void Reduce_WritesTheStateBesideThePackedRollout()
    {
        var bundle = directory.Copy(Case, "one");
        CommandLine.Run("reduce", bundle).ExitCode.ShouldBe(0);
        var state = File.ReadAllText(Path.Join(bundle, "state.json"));
        var packed = Pack(bundle, delete: true);

        CommandLine.Run("reduce", packed).Out.ShouldBe($"{bundle}.state.json\n");

        File.ReadAllText($"{bundle}.state.json").ShouldBe(state);
    }

    [Fact]
    public void Copies_AreMadeOfPackedRollouts()
    {
        var bundle = directory.Copy(Case, "one");
        CommandLine.Run("redact", bundle, "-o", directory.Place("plain")).ExitCode.ShouldBe(0);
        var packed = Pack(bundle, delete: true);

        CommandLine.Run("redact", packed, "-o", directory.Place("copy")).ExitCode.ShouldBe(0);
        CommandLine.Run("view", packed, "-o", directory.Place("x.html")).ExitCode.ShouldBe(0);

        File.ReadAllText(directory.Place("copy/trace.jsonl")).ShouldBe(File.ReadAllText(directory.Place("plain/trace.jsonl")));
    }

    // The log stands first, so without that a rollout is listed as completed of which half is gone.
    [Fact]
    public void List_SaysOfAPackedRolloutThatIsCut_ThatItIs()
    {
        var packed = Pack(directory.Copy(Case, "one"), delete: true);
        var whole = CommandLine.Run("list", packed, "--json");
        whole.Out.ShouldNotContain("damage");
        File.WriteAllBytes(packed, File.ReadAllBytes(packed)[..^300]);

        var cut = CommandLine.Run("list", packed, "--json");
        CommandLine.Run("list", packed).Error.ShouldContain($"{packed}: it is cut off; this is from the rest");

        JsonNode.Parse(cut.Out)!["bundles"]![0]!["damage"]!.GetValue<string>().ShouldBe("it is cut off");
        JsonNode.Parse(cut.Out)!["bundles"]![0]!["status"]!.GetValue<string>().ShouldBe(JsonNode.Parse(whole.Out)!["bundles"]![0]!["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("redact")]
    [InlineData("scrub")]
    public void ACopyOfADamagedPackedRollout_SaysSo(string command)
    {
        var packed = Pack(directory.Copy(Case, "one"), delete: true);
        CommandLine.Run(command, packed, "-o", directory.Place("whole")).ExitCode.ShouldBe(0);

        // Packed without the summary behind it, so that the checksum comes last. Of one so small all is read before it is found to be cut.
        packed = BundlePacker.Pack(directory.Copy(Case, "two"), options: new() { Time = new ManualTimeProvider(LongAfter) }).Path;
        File.WriteAllBytes(packed, File.ReadAllBytes(packed)[..^2]);

        var run = CommandLine.Run(command, packed, "-o", directory.Place("copy"));

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain($"{packed}: cannot be read");
        run.Error.ShouldContain("it is cut off; the copy has what is before that");
        File.Exists(directory.Place("copy/manifest.json")).ShouldBeTrue();
    }

    [Fact]
    public void ADirectory_IsListedWithWhatIsPackedInIt_AndABundleBesideItsPackedFileIsOne()
    {
        var (first, second) = (directory.Copy(Case, "root/a"), directory.Copy("multi-1007", "root/deep/b"));
        var third = directory.Copy("mixed-1018", "root/c");
        Pack(first, delete: true);
        Pack(second, delete: false);
        Pack(third, delete: false);
        File.Delete(Path.Join(third, "manifest.json"));
        File.WriteAllText(directory.Place("root/notes.rollout.tar.zst"), "no packed rollout");

        var list = JsonNode.Parse(CommandLine.Run("list", directory.Place("root"), "--json").Out)!;

        list["bundles"]!.AsArray().Select(static bundle => (string)bundle!["bundle"]!).Order(StringComparer.Ordinal).ShouldBe([$"{first}.rollout.tar.zst", $"{third}.rollout.tar.zst", second]);
        ((string)list["errors"]![0]!).ShouldStartWith(directory.Place("root/notes.rollout.tar.zst"));
    }

    [Fact]
    public void Words_MeanPackedRolloutsToo()
    {
        var bundle = directory.Copy(Case, "trace-x");
        var packed = Pack(bundle, delete: true);
        var id = (string)JsonNode.Parse(CommandLine.Run("list", packed, "--json").Out)!["bundles"]![0]!["rollout_id"]!;
        foreach (var word in new[] { "last", id, id[..12], id[^12..], "trace-x" })
        {
            var surroundings = new Surroundings { Environment = { ["ROLLOUT_TRACE_ROOT"] = directory.Path } };

            CommandLine.Run(surroundings, "inspect", word).Describe(directory).ShouldBe(CommandLine.Run("inspect", packed).Describe(directory), word);
        }
    }

    [Fact]
    public void ServersThatReadBelowARoot_FindPackedRollouts()
    {
        var packed = Pack(directory.Copy(Case, "root/trace-x"), delete: true);
        var catalog = new RolloutCatalog(directory.Place("root"));

        var meant = catalog.Find("trace-x");

        meant.ShouldBeSameAs(catalog.Find(RolloutRoot.Last));
        (meant.Name, meant.Path, meant.Problem).ShouldBe(("trace-x.rollout.tar.zst", packed, null));
        new ServedDocuments(catalog, TimeProvider.System).Data("trace-x").Packed.ShouldNotBeEmpty();
        System.Text.Encoding.UTF8.GetString(new ServedList(catalog, TimeProvider.System).Read().Json).ShouldContain($"\"rollout_id\":\"{meant.Manifest!.RolloutId}\"");
        new RecentRollouts(TimeProvider.System).Open(meant).Graph.RolloutId.ShouldBe(meant.Manifest.RolloutId);
    }

    [Fact]
    public void WhoNamesABundleThatWasPacked_MeansThePackedFile()
    {
        var bundle = directory.Copy(Case);
        var packed = Pack(bundle, delete: true);

        CommandLine.Run("inspect", bundle).Describe(directory).ShouldBe(CommandLine.Run("inspect", packed).Describe(directory));
        CommandLine.Run("pack", bundle).Error.ShouldBe($"{packed}: is packed already\n");
    }

    [Fact]
    public void ADamagedFile_IsReadToThere_AndThatIsSaid()
    {
        var bundle = directory.Copy("multi-1007", "one");
        var packed = Pack(bundle, delete: true);
        File.WriteAllBytes(packed, File.ReadAllBytes(packed)[..^4000]);

        var reduced = CommandLine.Run("reduce", packed);

        reduced.ExitCode.ShouldBe(1);
        reduced.Error.ShouldContain("it is cut off");
        CommandLine.Run("reduce", packed, "--strict").ExitCode.ShouldBe(2);
        CommandLine.Run("validate", packed).Out.ShouldContain("bundle_damaged");
    }

    public void Dispose() => directory.Dispose();

    private static string Pack(string bundle, bool delete)
    {
        var run = delete ? CommandLine.Run(LongAfter, "pack", bundle, "--delete") : CommandLine.Run(LongAfter, "pack", bundle);
        run.ExitCode.ShouldBe(0, run.Error);
        return run.Out.TrimEnd('\n');
    }
}
