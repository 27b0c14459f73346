using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

public sealed class ArchiveNameTests
{
    [Theory]
    [InlineData("payloads/1.json", "payloads/1.json")]
    [InlineData("manifest.json", "manifest.json")]
    [InlineData("./payloads//1.json", "payloads/1.json")]
    [InlineData("payloads/./1.json", "payloads/1.json")]
    [InlineData("payloads/", "payloads")]
    [InlineData("..payloads/1..json", "..payloads/1..json")]
    [InlineData("payloads/../1.json", null)]
    [InlineData("payloads/..", null)]
    [InlineData("/payloads", null)]
    [InlineData("./.", null)]
    [InlineData("", null)]
    [InlineData("a\0b", null)]
    public void Name_is_plain_or_none(string name, string? plain) => ArchiveName.Normal(name).ShouldBe(plain);
}
