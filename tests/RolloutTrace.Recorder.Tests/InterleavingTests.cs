using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Recorder.Tests;

/// <summary>However several threads record into one rollout, its bundle is sound.</summary>
public class InterleavingTests
{
    private enum Step
    {
        Request,
        FailedRequest,
        Tool,
        Command,
        Cell,
        Protocol,
        Child,
        Compaction,
        EndTurn,
    }

    [Fact]
    public void A_bundle_recorded_under_any_interleaving_of_threads_has_no_hole_and_reduces()
    {
        var scripts = Gen.ArrayOf(Gen.ArrayOf(Gen.Elements(Enum.GetValues<Step>()))).Where(threads => threads.Length is > 0 and < 6);
        Prop.ForAll(scripts.ToArbitrary(), threads =>
        {
            using var recorder = new RecorderFixture();
            using (var session = recorder.StartSession())
            {
                Run(session, threads);
            }

            recorder.Flush();
            Check(recorder.Bundle);
        }).ShouldHold(60, endSize: 40);
    }

    private static void Run(AgentSession session, Step[][] scripts)
    {
        using var start = new Barrier(scripts.Length);
        var threads = scripts.Select((script, number) => new Thread(() =>
        {
            start.SignalAndWait();
            new Script(session, number).Run(script);
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
    }

    private static void Check(string bundle)
    {
        var events = RecorderFixture.Events(bundle);
        events.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, events.Count).Select(i => (long)i));
        events[^1].Payload.ShouldBeOfType<RolloutEndedEvent>();
        var references = events.SelectMany(e => e.Payload.PayloadReferences).ToArray();
        references.Select(r => r.Path).ShouldBe(Enumerable.Range(1, references.Length).Select(i => $"payloads/{i}.json"));
        references.ShouldAllBe(r => File.Exists(Path.Join(bundle, r.Path)));
        Directory.GetFiles(Path.Join(bundle, "payloads")).Length.ShouldBe(references.Length);
        RecorderFixture.Reduce(bundle);
    }

    private sealed class Script
    {
        private readonly int thread;
        private readonly Stack<AgentSession> sessions = new();
        private Turn turn;
        private int count;

        public Script(AgentSession root, int thread)
        {
            this.thread = thread;
            sessions.Push(root);
            turn = root.StartTurn();
        }

        private AgentSession Session => sessions.Peek();

        public void Run(Step[] steps)
        {
            Array.ForEach(steps, Do);
            turn.Dispose();
            while (sessions.Count > 1)
            {
                sessions.Pop().Complete();
            }
        }

        private void Do(Step step)
        {
            var id = $"{thread}_{++count}";
            switch (step)
            {
                case Step.Request:
                    turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request(id))).Complete($"resp_{id}", new TokenUsage(1, 2), JsonPayload.OfJson("[]"));
                    break;
                case Step.FailedRequest:
                    turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request(id))).Fail("no", "timeout");
                    break;
                case Step.Tool:
                    turn.StartToolCall(new() { Name = "fetch", CallId = $"call_{id}", Arguments = JsonPayload.OfJson("{}") }).Complete(JsonPayload.OfJson("\"x\""));
                    break;
                case Step.Command:
                    using (var tool = turn.StartToolCall(new() { Name = "exec_command", CallId = $"call_{id}", Arguments = JsonPayload.OfJson("{}") }))
                    {
                        tool.StartCommand(["true"], "/").Exit(0);
                    }

                    break;
                case Step.Cell:
                    using (var cell = turn.StartCodeCell(new() { CallId = $"call_{id}", Source = "1" }))
                    {
                        cell.StartToolCall(new() { Name = "fetch" }).Complete(JsonPayload.OfJson("1"));
                        cell.Complete(JsonPayload.OfJson("1"));
                    }

                    break;
                case Step.Protocol:
                    Session.ProtocolEventObserved("a", JsonPayload.OfJson("1"));
                    break;
                case Step.Child:
                    turn.Complete();
                    sessions.Push(Session.SpawnAgent($"w{id}"));
                    turn = Session.StartTurn();
                    break;
                case Step.Compaction:
                    using (var compaction = turn.StartCompaction())
                    {
                        compaction.StartRequest(JsonPayload.OfJson("{}")).Complete(responseId: null, usage: null, JsonPayload.OfJson("[]"));
                        compaction.Install(JsonPayload.OfJson("[]"), JsonPayload.OfJson("[]"));
                    }

                    break;
                case Step.EndTurn:
                    turn.Complete();
                    turn = Session.StartTurn();
                    break;
            }
        }

        private static string Request(string id) =>
            $$"""{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"{{id}}"}]}]}""";
    }
}
