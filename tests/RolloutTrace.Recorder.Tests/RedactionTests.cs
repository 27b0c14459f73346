using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Tests;

public class RedactionTests
{
    private const string Secret = "hunter2";

    [Fact]
    public void The_hook_sees_each_payload_and_each_text_in_an_event_before_it_is_written()
    {
        var seen = new List<string>();
        using var recorder = new RecorderFixture(o => o.Redact = payload =>
        {
            lock (seen)
            {
                seen.Add($"{payload.Kind?.ToString() ?? payload.Member} {payload.ThreadId} {payload.TurnId} {Encoding.UTF8.GetString(payload.Content.Span)}");
            }

            return payload.Content;
        });
        using var session = recorder.StartSession(new() { ThreadId = "0199a213-81c0-7800-8aa1-bbab2a035a53", WorkingDirectory = "/src" });
        using var turn = session.StartTurn(new() { TurnId = "turn-1" });

        turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":["a"]}""")).Fail("bad");
        turn.StartToolCall(new() { Name = "x", Arguments = JsonPayload.OfJson("""{"a":1}""") }).Complete(JsonPayload.OfJson("2"));
        turn.StartCodeCell(new() { CallId = "call_1", Source = "code", RuntimeCellId = "1" });
        recorder.Flush();

        const string Context = "0199a213-81c0-7800-8aa1-bbab2a035a53 turn-1";
        seen.Where(s => !s.StartsWith("SessionMetadata", StringComparison.Ordinal)).ShouldBe(
            [
                $$"""InferenceRequest {{Context}} {"input":["a"]}""",
                $$"""inference_failed.error {{Context}} "bad" """.TrimEnd(),
                $$$"""ToolInvocation {{{Context}}} {"tool_name":"x","tool_namespace":null,"payload":{"type":"function","arguments":"{\"a\":1}"}}""",
                $$$"""tool_call_started.summary.input_preview {{{Context}}} "{\u0022a\u0022:1}" """.TrimEnd(),
                $$"""ToolResult {{Context}} {"type":"direct_response","response_item":2}""",
                $$"""code_cell_started.source_js {{Context}} "code" """.TrimEnd(),
            ],
            ignoreOrder: true);
        seen.ShouldContain(s => s.StartsWith("SessionMetadata 0199a213-81c0-7800-8aa1-bbab2a035a53  {", StringComparison.Ordinal));
        recorder.Metric("rollout.recorder.payloads.replaced").ShouldBe(0);
    }

    [Fact]
    public void What_the_hook_replaces_is_nowhere_in_the_bundle()
    {
        using var recorder = new RecorderFixture(o => o.Redact = payload =>
            JsonPayload.OfJson(Encoding.UTF8.GetString(payload.Content.Span).Replace(Secret, "***", StringComparison.Ordinal)));

        new ScriptedAgent(payload => JsonPayload.OfJson(payload.ToString().Replace("go", Secret, StringComparison.Ordinal))).Run(recorder.StartSession());
        using (var session = recorder.StartSession())
        {
            var turn = session.StartTurn();
            turn.StartToolCall(new() { Name = "x", Arguments = JsonPayload.OfJson($$"""{"password":"{{Secret}}"}""") }).Complete(JsonPayload.OfJson($"\"{Secret}\""));
            turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}""")).Fail($"said {Secret}");
            turn.StartCodeCell(new() { CallId = "c", Source = $"log('{Secret}')" }).Complete(JsonPayload.OfJson($"\"{Secret}\""));
            session.ResultReceived(turn, $"it is {Secret}");
        }

        recorder.Flush();

        recorder.Bundles.Length.ShouldBe(2);
        var texts = Directory.GetFiles(recorder.Root, "*.json*", SearchOption.AllDirectories).Select(File.ReadAllText).ToArray();
        texts.ShouldAllBe(text => !text.Contains(Secret));
        texts.Count(text => text.Contains("***")).ShouldBeGreaterThan(5);
        recorder.Bundles.ShouldAllBe(bundle => RecorderFixture.Reduce(bundle) != null);
    }

    public static TheoryData<string> Hooks => ["drops everything", "throws", "gives a string", "gives an empty object", "gives no JSON", "gives half a document", "gives too much", "gives a dead element"];

    [Theory]
    [MemberData(nameof(Hooks))]
    public void No_hook_can_break_the_bundle(string hook)
    {
        using var recorder = new RecorderFixture(o =>
        {
            o.MaxPayloadBytes = 64 << 10;
            o.Redact = payload => hook switch
            {
                "drops everything" => default,
                "throws" => throw new InvalidOperationException(Secret),
                "gives a string" => JsonPayload.OfJson("\"redacted\""),
                "gives an empty object" => JsonPayload.OfJson("{}"),
                "gives no JSON" => JsonPayload.OfJson("redacted"),
                "gives a dead element" => DeadElement(),
                "gives half a document" => payload.Content[..(payload.Content.Length / 2)],
                _ => new byte[1 << 20],
            };
        });

        new ScriptedAgent().Run(recorder.StartSession());
        recorder.Flush();

        var graph = RecorderFixture.ReduceWithMarkers(recorder.Bundle);
        Directory.GetFiles(recorder.Root, "*.json*", SearchOption.AllDirectories).ShouldAllBe(file => !File.ReadAllText(file).Contains(Secret));

        // Ids are no content: who spawned whom, and what waited for what, survives.
        graph.Threads.Values.Count(t => t.AgentPath == "/root/worker" && t.Origin.GetType().Name.Contains("Spawned")).ShouldBe(1);
        graph.TerminalOperations.Values.ShouldContain(o => o.TerminalId == "17");
    }

    private static JsonPayload DeadElement()
    {
        var document = JsonDocument.Parse("{}");
        var element = document.RootElement;
        document.Dispose();
        return element;
    }

    [Fact]
    public void What_remains_of_a_dropped_request_is_its_place_in_the_conversation()
    {
        using var recorder = new RecorderFixture(o => o.Redact = _ => default);
        using var session = recorder.StartSession();
        using var turn = session.StartTurn();

        turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"previous_response_id":"resp_1","input":["secret"]}""")).Dispose();
        recorder.Flush();

        var request = RecorderFixture.Events(recorder.Bundle).Select(e => e.Payload).OfType<InferenceStartedEvent>().Single().RequestPayload;
        JsonNode.DeepEquals(
            JsonNode.Parse(File.ReadAllText(Path.Join(recorder.Bundle, request.Path))),
            JsonNode.Parse("""{"input":[],"previous_response_id":"resp_1","rollout_trace_error":"the payload was removed by the redaction hook"}""")).ShouldBeTrue();
        recorder.Metric("rollout.recorder.payloads.replaced", "redacted").ShouldBe(2);
    }
}
