using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Cli.Tests;

/// <summary>Whole outputs of <c>cache</c>, for a bundle with a request for each kind of answer.</summary>
public sealed class CacheCommandTests : IDisposable
{
    private static readonly string Rules = string.Concat(Enumerable.Repeat("Be careful with the files. ", 600));

    private readonly TestBundle bundle = new TestBundle().WithTurn();

    public CacheCommandTests()
    {
        Answer("first", Request("It is 9:41.", "write", "hi"), input: 4000, cached: 0);
        Answer("cached", Request("It is 9:41.", "write", "hi", "go on"), input: 4010, cached: 3900);
        Answer("other-time", Request("It is 9:42.", "write", "hi", "go on"), input: 4010, cached: 0);
        Answer("other-tool", Request("It is 9:42.", "apply_patch", "hi", "go on"), input: 4010, cached: 0);
        Answer("same-again", Request("It is 9:42.", "apply_patch", "hi", "go on", "and on"), input: 4020, cached: 0);
        Answer("longer", Request("It is 9:42.", "apply_patch", "hi", "go on", Rules), input: 8000, cached: 3900);
        Answer("other-item", Request("It is 9:42.", "apply_patch", "hi", "do go on", Rules), input: 8000, cached: 3900);
        Answer("uncounted", Request("It is 9:43.", "apply_patch", "hi", "go on", Rules), input: null, cached: 0);
    }

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void Text() => Snapshot.Match(Run());

    [Fact]
    public void Json() => Snapshot.Match(Run("--format", "json"), "json");

    [Fact]
    public void NothingMissed_SaysSo()
    {
        using var other = new TestBundle().WithTurn();
        _ = other.Open();

        CommandLine.Run("cache", other.Directory).Out.ShouldBe("no request says how many tokens it used\n");
        CommandLine.Run("cache", TestDirectory.CaseBundle("mixed-1001")).Out.ShouldEndWith("\nno request is known to have missed the cache\n");
    }

    [Theory]
    [InlineData("90", 90_000)]
    [InlineData("90s", 90_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    public void Ttl_IsALengthOfTime(string ttl, int milliseconds) => Run("--ttl", ttl, "--format", "json").ShouldContain($"\"time_to_live_ms\": {milliseconds}\n");

    [Theory]
    [InlineData("soon")]
    [InlineData("-5m")]
    [InlineData("5d")]
    [InlineData("99999999999")]
    [InlineData("")]
    public void Ttl_IsNone_IsWrongUsage(string ttl)
    {
        var run = CommandLine.Run("cache", bundle.Directory, "--ttl", ttl);

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldContain($"--ttl takes a length of time such as 500ms, 5s, 30m or 1h, not '{ttl}'.");
    }

    private static string Request(string time, string tool, params string[] messages)
    {
        var input = messages.Select(message => $$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"{{message}}"}]}""");
        return $$"""{"instructions":"{{Rules}}{{time}}","tools":[{"name":"read"},{"name":"{{tool}}"}],"input":[{{string.Join(',', input)}}]}""";
    }

    private void Answer(string id, string request, long? input, long cached)
    {
        var usage = input is null ? "" : $$""","token_usage":{"input_tokens":{{input}},"cached_input_tokens":{{cached}},"cache_write_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0}""";
        bundle.Request(id, request).Respond(id, $$"""{"output_items":[]{{usage}}}""");
    }

    private string Run(params string[] options)
    {
        _ = bundle.Open();
        return CommandLine.Run(["cache", bundle.Directory, .. options]).Out.Replace(bundle.Directory, "<bundle>", StringComparison.Ordinal);
    }
}
