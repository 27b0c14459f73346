using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

/// <summary>The note of what was lost, which a stranger may have written.</summary>
public sealed class BundleLossTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("rollout-trace-");

    private string Target => Path.Join(root.FullName, "bundle");

    private string ManifestPath => Path.Join(Target, "manifest.json");

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public void A_note_is_in_the_manifest_and_a_later_one_takes_its_place()
    {
        var writer = BundleWriter.Create(Target, Manifest());
        writer.NoteLoss(new BundleLoss { Cause = "disk_full", Events = 1 });
        writer.Dispose();
        writer.NoteLoss(new BundleLoss { Cause = "disk_full", Events = 12 });

        BundleReader.Open(Target).Manifest.ShouldBe(Manifest() with { Lost = new BundleLoss { Cause = "disk_full", Events = 12 } });
        Directory.GetFileSystemEntries(Target).Length.ShouldBe(3);
    }

    [Fact]
    public void Where_there_is_no_room_for_a_new_file_the_manifest_is_written_over()
    {
        using var writer = BundleWriter.Create(Target, Manifest());

        // No file can be made where a directory stands.
        Directory.CreateDirectory(ManifestPath + ".tmp");
        writer.NoteLoss(new BundleLoss { Cause = "disk_full", Events = 1_000_000 });
        writer.NoteLoss(new BundleLoss { Cause = "disk_full", Events = 2 });

        BundleReader.Open(Target).Manifest.Lost.ShouldBe(new BundleLoss { Cause = "disk_full", Events = 2 });
    }

    [Fact]
    public void Nothing_is_noted_in_a_directory_that_is_not_the_bundles()
    {
        using var writer = BundleWriter.Create(Target, Manifest());
        Directory.Move(Target, Target + ".moved");
        Directory.CreateSymbolicLink(Target, Target + ".moved");

        Should.Throw<DirectoryNotFoundException>(() => writer.NoteLoss(new BundleLoss { Cause = "disk_full", Events = 1 }));

        BundleReader.Open(Target + ".moved").Manifest.Lost.ShouldBeNull();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"disk_full\"")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("""{"cause":"disk_full"}""")]
    [InlineData("""{"cause":"disk_full","events":-1}""")]
    [InlineData("""{"cause":"disk_full","events":1.5}""")]
    [InlineData("""{"cause":"disk_full","events":1e99}""")]
    [InlineData("""{"cause":"disk_full","events":"1"}""")]
    [InlineData("""{"cause":"","events":1}""")]
    [InlineData("""{"cause":1,"events":1}""")]
    [InlineData("""{"cause":"\u001b[2J","events":1}""")]
    [InlineData("""{"cause":"\ud83d","events":1}""")]
    [InlineData("""{"cause":"../../etc","events":1}""")]
    [InlineData("""{"cause":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","events":1}""")]
    public void Anything_else_in_its_place_is_ignored(string lost)
    {
        BundleWriter.Create(Target, Manifest()).Dispose();
        File.WriteAllText(ManifestPath, File.ReadAllText(ManifestPath).TrimEnd()[..^1] + $",\"lost\":{lost}}}");

        BundleReader.Open(Target).Manifest.ShouldBe(Manifest());
    }

    private static BundleManifest Manifest() => new() { TraceId = "t", RolloutId = "r", RootThreadId = "r", StartedAtUnixMs = 1 };
}
