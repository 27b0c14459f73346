using System.Text.Json;
using RolloutTrace.Analysis.Comparing;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Cli.Tests;

/// <summary>Whole outputs of <c>diff</c>, and its exit codes.</summary>
public sealed class DiffCommandTests : IDisposable
{
    private readonly TestBundle a = Run("class A", "Done.", 900);
    private readonly TestBundle b = Run("class B", "It is done.", 1000);
    private readonly TestBundle c = Run("class A", "Never.", 1000);

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
        c.Dispose();
    }

    [Fact]
    public void Text_OfTwo() => Snapshot.Match(Named(CommandLine.Run("diff", a.Directory, b.Directory).Out));

    [Fact]
    public void Json_OfTwo() => Snapshot.Match(Named(CommandLine.Run("diff", a.Directory, b.Directory, "--json").Out), "json");

    [Fact]
    public void Text_OfSeveral() => Snapshot.Match(Named(CommandLine.Run("diff", a.Directory, b.Directory, c.Directory, a.Directory).Out));

    [Fact]
    public void Json_OfSeveral() => Snapshot.Match(Named(CommandLine.Run("diff", a.Directory, b.Directory, c.Directory, a.Directory, "--json").Out), "json");

    [Fact]
    public void NothingDiffers_IsSuccess()
    {
        var run = CommandLine.Run("diff", a.Directory, a.Directory);

        run.ExitCode.ShouldBe(ExitCodes.Success);
        run.Out.ShouldContain("nothing differs but what never is the same in two runs\n");
    }

    [Fact]
    public void SomethingDiffers_IsAFinding() => CommandLine.Run("diff", a.Directory, b.Directory).ExitCode.ShouldBe(ExitCodes.Findings);

    [Fact]
    public void Volatile_IsNoDifference() =>
        CommandLine.Run("diff", a.Directory, b.Directory, "--volatile", "class [AB]", "--volatile", "Done.|It is done.").ExitCode.ShouldBe(ExitCodes.Success);

    [Fact]
    public void Volatile_ThatIsNoPattern_IsWrongUsage()
    {
        var run = CommandLine.Run("diff", a.Directory, b.Directory, "--volatile", "([");

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldContain("--volatile: Invalid pattern '(['");
    }

    [Fact]
    public void OneBundle_IsWrongUsage() => CommandLine.Run("diff", a.Directory).ExitCode.ShouldBe(ExitCodes.Usage);

    [Fact]
    public void ABundleThatIsNotThere_IsNamed()
    {
        var run = CommandLine.Run("diff", a.Directory, "/nowhere/at-all");

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldContain("/nowhere/at-all");
    }

    [Fact]
    public void ADirectoryWithSeveralBundles_IsAskedToBeNamed()
    {
        var run = CommandLine.Run("diff", a.Directory, TestDirectory.Cases);

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldContain("bundles; name one: ");
    }

    [Fact]
    public void Prices_GiveTheCost()
    {
        using var prices = new PricesFile("""{"m":{"input":2,"cached_input":0.5,"output":10}}""");
        var run = CommandLine.Run("diff", a.Directory, b.Directory, "--prices", prices.Path, "--json");

        // Two requests, each with 900 tokens in, 400 of them cached, and 50 out: (500 * 2 + 400 * 0.5 + 50 * 10) / 10^6 each.
        Outcome(run.Out, "a").GetProperty("cost").GetDecimal().ShouldBe(0.0034m);
        Outcome(run.Out, "b").GetProperty("cost").GetDecimal().ShouldBe(0.0038m);
    }

    [Fact]
    public void Prices_OfOtherModels_GiveNoCost()
    {
        using var prices = new PricesFile("""{"n":{"input":2,"output":10}}""");

        Outcome(CommandLine.Run("diff", a.Directory, b.Directory, "--prices", prices.Path, "--json").Out, "a").TryGetProperty("cost", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("""{"m":{"input":2}}""")]
    [InlineData("""{"m":{"input":2,"output":-1}}""")]
    [InlineData("""{"m":{"in":2,"output":1}}""")]
    [InlineData("")]
    public void Prices_ThatAreNone_AreNamed(string text)
    {
        using var prices = new PricesFile(text);
        var run = CommandLine.Run("diff", a.Directory, b.Directory, "--prices", prices.Path);

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldStartWith($"error: {prices.Path}");
    }

    private static JsonElement Outcome(string json, string run)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("outcome").GetProperty(run).Clone();
    }

    private string Named(string output) => output.Replace(a.Directory, "A", StringComparison.Ordinal).Replace(b.Directory, "B", StringComparison.Ordinal).Replace(c.Directory, "C", StringComparison.Ordinal);

    private static TestBundle Run(string output, string last, int tokens)
    {
        const string User = """{"type":"message","role":"user","content":[{"type":"input_text","text":"Fix it."}]}""";
        const string Call = """{"type":"function_call","name":"read","arguments":"{\"path\":\"a.cs\"}","call_id":"call-1"}""";
        var answer = $$"""{"type":"function_call_output","call_id":"call-1","output":"{{output}}"}""";
        var usage = $$"""{"input_tokens":{{tokens}},"cached_input_tokens":400,"output_tokens":50,"reasoning_output_tokens":0}""";
        var run = new TestBundle().WithTurn();
        run.Request("i1", $$"""{"model":"m","input":[{{User}}]}""").Respond("i1", $$"""{"token_usage":{{usage}},"output_items":[{{Call}}]}""");
        run.Request("i2", $$"""{"model":"m","input":[{{User}},{{Call}},{{answer}}]}""");
        run.Respond("i2", $$"""{"token_usage":{{usage}},"output_items":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"{{last}}"}]}]}""");
        run.Append(new CodexTurnEndedEvent { CodexTurnId = TestBundle.Turn, Status = ExecutionStatus.Completed });
        run.Append(new RolloutEndedEvent { Status = RolloutStatus.Completed }, thread: null, turn: null);
        _ = run.Open();
        return run;
    }

    private sealed class PricesFile : IDisposable
    {
        public PricesFile(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
