using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Tests.Recording;

/// <summary>
/// No more is made of a payload than may be kept. What a thread allocates is counted; the margins are wide, but far below one copy of
/// what is given.
/// </summary>
public partial class LargePayloadTests
{
    private const int Large = 100_000_000;
    private const int MaxPayloadBytes = 1 << 20;
    private const long Margin = 80 << 20;

    private static readonly Lazy<string> Text = new(() => new string('x', Large));
    private static readonly Lazy<byte[]> Utf8 = new(() => Encoding.UTF8.GetBytes($"[\"{new string('x', Large)}\"]"));

    public static TheoryData<string> Kinds => ["endless", "endless async", "bytes", "text", "json text", "node", "element", "text with escapes"];

    public static TheoryData<string> Boundaries => ["request", "response", "compaction", "arguments", "result", "search", "patch", "mcp", "work", "code", "protocol", "cell"];

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Nothing_large_is_made_of_it(string kind, string boundary)
    {
        using var recorder = new RecorderFixture(o => o.MaxPayloadBytes = MaxPayloadBytes);
        using var session = recorder.StartSession(new() { CaptureMessageContent = true });
        using var turn = session.StartTurn();
        var payload = Payload(kind);

        var allocated = Allocated(() => Give(turn, boundary, payload));
        turn.Complete();
        recorder.Flush();

        allocated.ShouldBeLessThan(Margin);
        RecorderFixture.ReduceWithMarkers(recorder.Bundle);
        recorder.Metric("rollout.recorder.events.not_recorded").ShouldBe(0);
        recorder.Metric("rollout.recorder.payloads.replaced").ShouldBe(1);
        var marker = Directory.GetFiles(Path.Join(recorder.Bundle, "payloads")).Select(File.ReadAllText).Single(t => t.Contains("rollout_trace_error", StringComparison.Ordinal));
        JsonNode.Parse(marker)!["rollout_trace_error"]!.GetValue<string>().ShouldStartWith(
            kind == "endless async" ? "the payload could not be serialised" : "the payload was larger than the limit: ");
    }

    public static TheoryData<string, string> Combinations
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var kind in Kinds)
            {
                foreach (var boundary in Boundaries)
                {
                    all.Add((string)kind!, (string)boundary!);
                }
            }

            return all;
        }
    }

    [Fact]
    public void Texts_of_handles_are_written_in_pieces()
    {
        using var recorder = new RecorderFixture(o => o.MaxPayloadBytes = MaxPayloadBytes);
        using var session = recorder.StartSession(new() { CaptureMessageContent = true });
        using var turn = session.StartTurn();
        using var tool = turn.StartToolCall(new() { Name = "exec_command", Input = ToolInput.Custom(Text.Value) });

        Allocated(() =>
        {
            using (var command = tool.StartCommand([Text.Value], Text.Value, new() { Input = Text.Value }))
            {
                command.Exit(1, new() { Stdout = Text.Value, Stderr = Text.Value });
            }

            session.ResultReceived(turn, Text.Value);
            turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}""")).Fail(Text.Value);
            turn.StartCodeCell(new() { CallId = "c", Source = Text.Value }).Dispose();
            tool.Fail(Text.Value);
        }).ShouldBeLessThan(Margin);
        turn.Complete();
        recorder.Flush();

        RecorderFixture.ReduceWithMarkers(recorder.Bundle);
        recorder.Metric("rollout.recorder.events.not_recorded").ShouldBe(0);
        File.ReadLines(Path.Join(recorder.Bundle, "trace.jsonl")).Max(l => l.Length).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void Texts_of_events_are_cut_with_a_mark_and_never_inside_a_character()
    {
        using var recorder = new RecorderFixture();
        using var session = recorder.StartSession();
        using var turn = session.StartTurn();
        var text = string.Concat("x", string.Concat(Enumerable.Repeat("🙂", 200_000)));

        turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}""")).Fail(text);
        session.ResultReceived(turn, text);
        turn.Complete();
        recorder.Flush();

        var kept = text[..((256 << 10) - 1)];
        var events = RecorderFixture.Events(recorder.Bundle).Select(e => e.Payload).ToList();
        events.OfType<InferenceFailedEvent>().Single().Error.ShouldBe($"{kept}...[{text.Length - kept.Length} more characters]");
        var result = events.OfType<AgentResultObservedEvent>().Single();
        result.Message.ShouldBe($"{kept}...[{text.Length - kept.Length} more characters]");
        var whole = File.ReadAllText(Path.Join(recorder.Bundle, result.CarriedPayload!.Path));
        JsonNode.Parse(whole)!["message"]!.GetValue<string>().ShouldBe(text);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public void Arguments_are_recorded_whole_in_whatever_form_they_are_given(int length)
    {
        var content = string.Concat("é\"\\🙂", new string('x', length), "\u0001🙂");
        var json = JsonSerializer.SerializeToUtf8Bytes(new[] { content }, LargeContract.Default.StringArray);
        using var document = JsonDocument.Parse(json);
        var text = Encoding.UTF8.GetString(json);
        JsonPayload[] forms = [json, JsonPayload.OfJson(text), document.RootElement, JsonNode.Parse(json), JsonPayload.From(new[] { content }, LargeContract.Default.StringArray), JsonValue.Create(text)];
        foreach (var form in forms)
        {
            using var recorder = new RecorderFixture();
            using var session = recorder.StartSession();
            using (var turn = session.StartTurn())
            {
                turn.StartToolCall(new() { Name = "fetch", Arguments = form }).Complete(form);
            }

            recorder.Flush();

            var events = RecorderFixture.Events(recorder.Bundle).Select(e => e.Payload).ToList();
            var started = events.OfType<ToolCallStartedEvent>().Single();
            var arguments = JsonNode.Parse(Read(recorder, started.InvocationPayload!))!["payload"]!["arguments"]!.GetValue<string>();
            JsonNode.Parse(arguments)![0]!.GetValue<string>().ShouldBe(content);
            ((GenericSummary)started.Summary).InputPreview!.ShouldStartWith("[");
            ((GenericSummary)started.Summary).InputPreview!.EnumerateRunes().Count().ShouldBeLessThanOrEqualTo(163);
            var item = JsonNode.Parse(Read(recorder, events.OfType<ToolCallEndedEvent>().Single().ResultPayload!))!["response_item"]!;
            (item is JsonArray array ? array : JsonNode.Parse(item.GetValue<string>())!.AsArray())[0]!.GetValue<string>().ShouldBe(content);
        }
    }

    private static string Read(RecorderFixture recorder, PayloadReference reference) => File.ReadAllText(Path.Join(recorder.Bundle, reference.Path));

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Give(Turn turn, string boundary, JsonPayload payload)
    {
        switch (boundary)
        {
            case "request": turn.StartModelRequest("gpt-5", payload).Complete("r", usage: null, JsonPayload.OfJson("[]")); break;
            case "response": turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}""")).Complete("r", usage: null, payload); break;
            case "compaction": turn.StartCompaction().Install(payload, payload); break;
            case "arguments": turn.StartToolCall(new() { Name = "fetch", Arguments = payload }).Complete(); break;
            case "search": turn.StartToolCall(new() { Name = "fetch", Input = ToolInput.ToolSearch(payload) }).Complete(); break;
            case "result": turn.StartToolCall(new() { Name = "fetch" }).Complete(payload); break;
            case "patch": turn.StartToolCall(new() { Name = "fetch" }).StartPatch(payload); break;
            case "mcp": turn.StartToolCall(new() { Name = "fetch" }).StartMcpCall(payload); break;
            case "work": turn.StartToolCall(new() { Name = "fetch" }).StartWork("http", payload); break;
            case "code": turn.StartCodeCell(new() { CallId = "c", Source = "x()" }).Yielded(payload); break;
            case "cell": turn.StartCodeCell(new() { CallId = "c", Source = "x()" }).Complete(payload); break;
            case "protocol": turn.ProtocolEventObserved("event", payload); break;
            default: throw new ArgumentOutOfRangeException(nameof(boundary), boundary, message: null);
        }
    }

    private static JsonPayload Payload(string kind) => kind switch
    {
        "endless" => JsonPayload.From(Endless(), LargeContract.Default.IEnumerableString),
        "endless async" => JsonPayload.From(EndlessAsync(), LargeContract.Default.IAsyncEnumerableString),
        "bytes" => Utf8.Value,
        "text" => JsonPayload.From(Text.Value, LargeContract.Default.String),
        "text with escapes" => JsonPayload.From($"\"{Text.Value}", LargeContract.Default.String),
        "json text" => JsonPayload.OfJson($"\"{Text.Value}\""),
        "node" => JsonValue.Create(Text.Value),
        "element" => JsonDocument.Parse(Utf8.Value).RootElement,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    };

    private static IEnumerable<string> Endless()
    {
        while (true)
        {
            yield return "endless";
        }
    }

    private static async IAsyncEnumerable<string> EndlessAsync()
    {
        while (true)
        {
            await Task.CompletedTask;
            yield return "endless";
        }
    }

    [JsonSerializable(typeof(string))]
    [JsonSerializable(typeof(string[]))]
    [JsonSerializable(typeof(IEnumerable<string>))]
    [JsonSerializable(typeof(IAsyncEnumerable<string>))]
    private sealed partial class LargeContract : JsonSerializerContext;
}
