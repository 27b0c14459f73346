using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Cli.Tests;

/// <summary>Whole outputs of <c>context</c>.</summary>
public sealed class ContextCommandTests : IDisposable
{
    private const string User = """{"type":"message","role":"user","content":[{"type":"input_text","text":"Read the file."}]}""";
    private const string Summary = """{"type":"message","role":"user","content":[{"type":"input_text","text":"It was long."}]}""";

    private static readonly string Output = string.Concat(Enumerable.Repeat("a line of the file\\n", 40));

    private readonly TestBundle bundle = new TestBundle().WithTurn();

    public ContextCommandTests()
    {
        var called = $$"""{{User}},{"type":"function_call","call_id":"c1","name":"read_file","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":"{{Output}}"}""";
        Ask("first", User, 200);
        Ask("second", called, 400);
        bundle.Request("replaced", """{"input":[],"rollout_trace_error":"too large"}""");
        bundle.Append(new CompactionInstalledEvent
        {
            CompactionId = "k1",
            CheckpointPayload = bundle.Payload(PayloadKind.CompactionCheckpoint, $$"""{"input_history":[{{called}}],"replacement_history":[{{User}},{{Summary}}]}"""),
        });
        Ask("third", $"{User},{Summary}", 210);
        _ = bundle.Open();
    }

    public void Dispose() => bundle.Dispose();

    [Theory]
    [InlineData("last")]
    [InlineData("at", "--at", "sec")]
    public void Text(string part, params string[] options) => Snapshot.Match(Run(options).Out, part: part);

    [Fact]
    public void Json() => Snapshot.Match(Run("--at", "second", "--format", "json").Out, "json");

    [Fact]
    public void ManyRequests_OnlyTheLastAreShownUnlessAllAreAskedFor()
    {
        for (var i = 0; i < 40; i++)
        {
            Ask($"more-{i}", User, 200);
        }

        _ = bundle.Open();

        var some = Run().Out.Split('\n');
        some.ShouldContain("  … 14 before these (--all shows them)");
        some.Count(line => line.StartsWith("  more-", StringComparison.Ordinal)).ShouldBe(30);
        Run("--all").Out.Split('\n').Count(line => line.StartsWith("  more-", StringComparison.Ordinal)).ShouldBe(40);
    }

    [Fact]
    public void AThreadWithoutRequests_IsSaidToHaveNone()
    {
        using var other = new TestBundle().WithTurn();
        _ = other.Open();

        CommandLine.Run("context", other.Directory).ShouldBe(new CommandLine(ExitCodes.Success, "/root has no request of which it is known what it showed\n", ""));
    }

    [Theory]
    [InlineData("has no request nothing", "--at", "nothing")]
    [InlineData("has no thread /root/nobody; its threads are /root", "--thread", "/root/nobody")]
    public void WhatIsNotThere_Fails(string why, params string[] options) =>
        Run(options).ShouldBe(new CommandLine(ExitCodes.Failure, "", $"error: <bundle>: {why}\n"));

    [Fact]
    public void AtWhatIsOfARequest_IsAtThatRequest()
    {
        var path = TestDirectory.CaseBundle("mixed-1001");
        var rollout = OpenRollout.Open(BundleReader.Open(path));
        var ofThings = rollout.Graph.ToolCalls.Values.Select(tool => (Id: tool.ToolCallId, Request: rollout.Index.RequestThatAskedFor(tool)))
            .Concat(rollout.Graph.ConversationItems.Keys.Select(id => (Id: id, Request: rollout.Index.RequestThatProduced(id) ?? rollout.Index.FirstRequestWith(id))))
            .Concat(rollout.Graph.CodexTurns.Keys.Select(id => (Id: id, Request: rollout.Index.RequestsOfTurn(id) is [var first, ..] ? first : null)))
            .Where(thing => thing.Request?.Execution.Status == ExecutionStatus.Completed && Explanation.Of(rollout, thing.Id).Count == 1)
            .GroupBy(thing => thing.Request)
            .Select(things => things.First())
            .ToList();

        ofThings.Count.ShouldBeGreaterThan(3);
        foreach (var (id, request) in ofThings)
        {
            CommandLine.Run("context", path, "--at", id, "--json").Out.ShouldContain($"\"inference_call_id\": \"{request!.InferenceCallId}\"", Case.Sensitive, id);
        }
    }

    [Fact]
    public void AtWhatIsOfNoRequest_SaysWhatItIs()
    {
        var path = TestDirectory.CaseBundle("mixed-1001");
        var thread = OpenRollout.Open(BundleReader.Open(path)).Graph.RootThreadId;

        CommandLine.Run("context", path, "--at", thread).Error.ShouldContain($"has no request {thread}: it is a thread, and no one request is known to be its own\n");
    }

    [Fact]
    public void ThreadAndRequest_IsWrongUsage() => Run("--at", "first", "--thread", "/root").ExitCode.ShouldBe(ExitCodes.Usage);

    private void Ask(string id, string input, long tokens) => bundle
        .Request(id, $$$"""{"instructions":"Be careful with files.","tools":[{"type":"function","name":"read_file","parameters":{"type":"object"}}],"input":[{{{input}}}]}""")
        .Respond(id, $$$"""{"output_items":[],"token_usage":{"input_tokens":{{{tokens}}},"cached_input_tokens":0,"cache_write_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0}}""");

    private CommandLine Run(params string[] options)
    {
        var run = CommandLine.Run(["context", bundle.Directory, .. options]);
        return run with
        {
            Out = run.Out.Replace(bundle.Directory, "<bundle>", StringComparison.Ordinal),
            Error = run.Error.Replace(bundle.Directory, "<bundle>", StringComparison.Ordinal),
        };
    }
}
