using RolloutTrace.Packing;

namespace RolloutTrace.Cli.Tests.Bundles;

public sealed class RolloutCatalogTests : IDisposable
{
    private readonly TestDirectory directory = new();

    [Fact]
    public void WhatCannotBeRead_IsNotReadAgain_UntilItIsAnother()
    {
        var packed = BundlePacker.Pack(directory.Copy("cell-source-item-order", "one"), options: new PackOptions { Delete = true }).Path;
        var sound = File.ReadAllBytes(packed);
        var writtenAt = File.GetLastWriteTimeUtc(packed);
        using var catalog = new RolloutCatalog(directory.Path);
        Write(new byte[sound.Length], writtenAt);
        catalog.All().ShouldHaveSingleItem().Problem.ShouldNotBeNull().ShouldContain(packed);

        Write(sound, writtenAt);
        catalog.All().ShouldHaveSingleItem().Problem.ShouldNotBeNull("nothing says that it is another");

        Write(sound, writtenAt.AddSeconds(1));
        catalog.All().ShouldHaveSingleItem().Manifest.ShouldNotBeNull();

        Write(sound[..^1], writtenAt.AddSeconds(1));
        catalog.All().ShouldHaveSingleItem().Manifest.ShouldNotBeNull();

        void Write(byte[] content, DateTime time)
        {
            File.WriteAllBytes(packed, content);
            File.SetLastWriteTimeUtc(packed, time);
        }
    }

    public void Dispose() => directory.Dispose();
}
