using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests.Anomalies;

/// <summary>What changed in instructions and tools from one request to the next.</summary>
public sealed class GivenAnomaliesTests
{
    private const string Item = """{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}""";
    private const string Read = """{"name":"read","description":"Reads.","parameters":{"properties":{"path":{"type":"string"}}}}""";
    private const string Write = """{"name":"write","description":"Writes."}""";
    private const string List = """{"name":"list"}""";

    [Theory]
    [InlineData("Today is Monday.", "Today is Tuesday.", "other instructions than i1 from character 10 on: \"Today is Monday.\" is now \"Today is Tuesday.\"")]
    [InlineData(null, "Be kind.", "instructions, and i1 had none: \"Be kind.\"")]
    [InlineData("Be kind.", null, "no instructions, and i1 had some: \"Be kind.\"")]
    [InlineData("Be kind.", "Be kind.", null)]
    public void Instructions(string? before, string? now, string? change)
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", Given(Text(before), ""))
            .Request("i2", Given(Text(now), ""));

        Find(bundle, AnomalyCodes.InstructionsChanged).ShouldBe(change is null ? [] : [$"i2: request i2 has {change} [payloads/1.json, payloads/2.json]"]);
    }

    [Fact]
    public void Instructions_that_change_far_inside_are_shown_where_they_do()
    {
        var start = string.Concat(Enumerable.Repeat("Rules and more rules. ", 500));
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", Given(Text(start + "It is 09:41 now."), ""))
            .Request("i2", Given(Text(start + "It is 09:42 now."), ""));

        Find(bundle, AnomalyCodes.InstructionsChanged).ShouldHaveSingleItem()
            .ShouldContain("from character 11011 on: \"…d more rules. It is 09:41 now.\" is now \"…d more rules. It is 09:42 now.\"");
    }

    [Theory]
    [InlineData($"{Read},{Write}", $"{Read},{Write}", null)]
    [InlineData($"{Read},{Write}", $"{Read},{Write},{List}", "added list")]
    [InlineData($"{Read},{Write}", Write, "removed read")]
    [InlineData($"{Read},{Write}", $"{Write},{Read}", "they stand in another order")]
    [InlineData($"{Read},{Read}", Read, "removed read")]
    [InlineData($"{Read},{Write}", $"{List},{Read}", "added list; removed write")]
    [InlineData(Write, """{"name":"write","description":"Writes files."}""", "changed write (description)")]
    [InlineData(Write, """{ "description": "Writes.", "name": "write" }""", null)]
    [InlineData(Write, """{"name":"write","description":"Writes.","cache_control":{"type":"ephemeral"}}""", null)]
    [InlineData(Read, """{"name":"read","description":"Reads.","parameters":{"properties":{"path":{"type":"string","maxLength":9}}}}""", "changed read (parameters.properties.path.maxLength)")]
    public void Tools(string before, string now, string? change)
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", Given("", before))
            .Request("i2", Given("", now))
            .Request("i3", Given("", now));

        Find(bundle, AnomalyCodes.ToolsChanged).ShouldBe(change is null ? [] : [$"i2: request i2 has other tools than i1: {change} [payloads/1.json, payloads/2.json]"]);
    }

    [Fact]
    public void Another_agents_request_is_not_the_one_before()
    {
        using var bundle = new TestBundle().WithTurn().WithTurn("child", "t2", "/root/child")
            .Request("i1", Given(Text("root"), Read))
            .Request("c1", Given(Text("child"), Write), "child", "t2")
            .Request("i2", Given(Text("root"), Read));

        Find(bundle, AnomalyCodes.InstructionsChanged).ShouldBeEmpty();
        Find(bundle, AnomalyCodes.ToolsChanged).ShouldBeEmpty();
    }

    [Fact]
    public void No_case_has_a_change_that_is_not_there()
    {
        var bundles = ConformanceCase.Names.Select(name => ConformanceCase.Named(name).Bundle).Concat(FieldCase.Names.Select(FieldCase.Bundle));

        bundles.SelectMany(bundle => RolloutAnomalies.Find(OpenRollout.Open(BundleReader.Open(bundle))))
            .ShouldNotContain(anomaly => anomaly.Code == AnomalyCodes.InstructionsChanged || anomaly.Code == AnomalyCodes.ToolsChanged);
    }

    private static string Text(string? instructions) => instructions is null ? "" : $"\"instructions\":\"{instructions}\",";

    private static string Given(string instructions, string tools) => $$"""{{{instructions}}"input":[{{Item}}],"tools":[{{tools}}]}""";

    private static List<string> Find(TestBundle bundle, string code) =>
    [
        .. RolloutAnomalies.Find(OpenRollout.Open(bundle.Open()))
            .Where(anomaly => anomaly.Code == code)
            .Select(anomaly => $"{anomaly.Subject}: {anomaly.Message} [{string.Join(", ", anomaly.Evidence)}]"),
    ];
}
