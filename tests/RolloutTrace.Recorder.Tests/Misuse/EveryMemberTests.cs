using System.Reflection;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests.Misuse;

/// <summary>
/// No public member that an observed program can call throws, whatever it is given: each is called with every wrong value of every
/// parameter, on a running and on an ended handle. What is recorded of it reduces strictly, and everything around it is there.
/// </summary>
public sealed class EveryMemberTests
{
    private static readonly AsyncLocal<string?> Recorder = new();

    public static TheoryData<string> Members => [.. PublicMembers.All.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void The_members_are_those_of_all_handles_and_of_all_that_they_take()
    {
        PublicMembers.Handles.Count.ShouldBeGreaterThan(10);
        foreach (var name in (string[])["AgentSession.ResultReceived", "ToolCall.MessageSent", "CommandRuntime.Exit", "WorkRuntime.Fail", "JsonPayload.From", "ToolInput.Custom", "ToolCallOptions.set_Name", "RolloutTracing.StartSession", "TokenUsage..ctor"])
        {
            PublicMembers.All.Keys.ShouldContain(name);
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void Takes_whatever_it_is_given(string name)
    {
        var member = PublicMembers.All[name];
        Recorder.Value = name;
        using var recorder = new RecorderFixture(options =>
        {
            options.Filter = _ => Recorder.Value == name;
            options.MaxPayloadBytes = 1 << 20;
            options.MaxCallerWait = TimeSpan.FromMinutes(5);
        });
        var own = new Stage(RolloutTracing.StartSession(new() { CaptureMessageContent = true }));
        var other = new Stage(RolloutTracing.StartSession());
        var calls = new Calls(member, own, new WrongArguments(own, other));

        calls.Run();
        own.End();
        other.End();
        recorder.Flush();

        calls.Thrown.ShouldBeEmpty();
        recorder.Metric("rollout.recorder.events.not_recorded").ShouldBe(0);
        var graphs = recorder.Bundles.ToDictionary(b => Path.GetFileName(b), Reduce);
        graphs.Count.ShouldBe(calls.Rollouts + 2);
        var graph = graphs[own.Session.BundleName!];
        graph.Status.ShouldBe(RolloutStatus.Completed);
        graph.InferenceCalls.Keys.Count(id => id.StartsWith("witness-", StringComparison.Ordinal)).ShouldBe(calls.Count);
    }

    [Fact]
    public void Takes_calls_from_many_threads_after_everything_was_disposed_of()
    {
        Recorder.Value = nameof(Takes_calls_from_many_threads_after_everything_was_disposed_of);
        var recorder = new RecorderFixture(options => options.Filter = _ => Recorder.Value == nameof(Takes_calls_from_many_threads_after_everything_was_disposed_of));
        var own = new Stage(RolloutTracing.StartSession());
        var handles = PublicMembers.Handles.ToDictionary(t => t, own.New);
        recorder.Dispose();
        var thrown = new System.Collections.Concurrent.ConcurrentQueue<string>();

        Parallel.For(0, 8, _ =>
        {
            var arguments = new WrongArguments(own, own);
            foreach (var (name, member) in PublicMembers.All.Where(m => m.Value.ReflectedType!.IsSubclassOf(typeof(RolloutHandle)) && !m.Value.IsStatic))
            {
                if (Calls.Invoke(member, handles[member.ReflectedType!], Calls.Sound(member, arguments)) is { } exception)
                {
                    thrown.Enqueue($"{name}: {exception}");
                }
            }
        });

        thrown.ShouldBeEmpty();
    }

    private static RolloutGraph Reduce(string bundle)
    {
        var result = Should.NotThrow(() => RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true }));
        result.Diagnostics.ShouldBeEmpty();
        RolloutInvariants.Check(result.Graph).ShouldBeEmpty();
        return result.Graph;
    }
}
