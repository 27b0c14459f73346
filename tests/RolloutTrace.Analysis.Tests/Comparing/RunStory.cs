using System.Text.Json.Nodes;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests.Comparing;

/// <summary>A run of an agent told step by step: what the user says, what the model answers, what its calls get back. Each request sends the whole history.</summary>
internal sealed class RunStory : IDisposable
{
    private readonly TestBundle bundle = new();
    private readonly string prefix;
    private readonly List<JsonNode> history = [];
    private int requests;
    private int turns;
    private int calls;

    /// <param name="prefix">Stands before all ids, so that no two runs have the same.</param>
    public RunStory(string prefix)
    {
        this.prefix = prefix;
        bundle.Append(new ThreadStartedEvent { ThreadId = TestBundle.Root, AgentPath = "/root" }, turn: null);
    }

    public string Instructions { get; set; } = "You are an agent.";

    public List<string> Tools { get; } = ["""{"type":"function","name":"read","description":"Reads a file."}""", """{"type":"function","name":"search","description":"Searches."}"""];

    public string Parameters { get; set; } = "\"temperature\":0";

    public string TurnId => $"{prefix}-turn-{turns}";

    public string LastRequest => $"{prefix}-i{requests}";

    public RunStory User(string text)
    {
        turns++;
        bundle.Append(new CodexTurnStartedEvent { CodexTurnId = TurnId, ThreadId = TestBundle.Root }, turn: TurnId);
        return Message("user", text);
    }

    public RunStory Message(string role, string text)
    {
        history.Add(JsonNode.Parse($$"""{"type":"message","role":"{{role}}","content":[{"type":"input_text","text":{{JsonValue.Create(text).ToJsonString()}}}]}""")!);
        return this;
    }

    /// <summary>The model calls a tool, which gives an output.</summary>
    public RunStory Calls(string name, string arguments, string output)
    {
        var id = $"{prefix}call{++calls:000}";
        Ask(JsonNode.Parse($$"""{"type":"function_call","name":"{{name}}","arguments":{{JsonValue.Create(arguments).ToJsonString()}},"call_id":"{{id}}"}""")!);
        history.Add(JsonNode.Parse($$"""{"type":"function_call_output","call_id":"{{id}}","output":{{JsonValue.Create(output).ToJsonString()}}}""")!);
        return this;
    }

    /// <summary>The model says something, and its turn ends.</summary>
    public RunStory Says(string text)
    {
        Ask(JsonNode.Parse($$"""{"type":"message","role":"assistant","content":[{"type":"output_text","text":{{JsonValue.Create(text).ToJsonString()}}}]}""")!);
        return Append(new CodexTurnEndedEvent { CodexTurnId = TurnId, Status = ExecutionStatus.Completed });
    }

    /// <summary>The model is asked, and does not answer.</summary>
    public RunStory Fails(string error)
    {
        Request();
        return Append(new InferenceFailedEvent { InferenceCallId = LastRequest, Error = error });
    }

    /// <summary>A compaction puts a summary in the place of the history.</summary>
    public RunStory Compacts(string summary)
    {
        var before = new JsonArray([.. history.Select(static item => item.DeepClone())]);
        history.Clear();
        Message("user", summary);
        var after = new JsonArray([.. history.Select(static item => item.DeepClone())]);
        return Append(new CompactionInstalledEvent
        {
            CompactionId = $"{prefix}-compaction",
            CheckpointPayload = bundle.Payload(PayloadKind.CompactionCheckpoint, $$"""{"input_history":{{before.ToJsonString()}},"replacement_history":{{after.ToJsonString()}}}"""),
        });
    }

    /// <summary>An item of the history is replaced.</summary>
    public RunStory Edits(int index, string role, string text)
    {
        Message(role, text);
        history[index] = history[^1];
        history.RemoveAt(history.Count - 1);
        return this;
    }

    public RunStory Ends(RolloutStatus status = RolloutStatus.Completed)
    {
        bundle.Append(new RolloutEndedEvent { Status = status }, thread: null, turn: null);
        return this;
    }

    public OpenRollout Open() => OpenRollout.Open(bundle.Open());

    public void Dispose() => bundle.Dispose();

    private void Ask(JsonNode item)
    {
        Request();
        history.Add(item);
        Append(new InferenceCompletedEvent
        {
            InferenceCallId = LastRequest,
            ResponseId = $"{prefix}-response-{requests}",
            ResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, $$"""{"output_items":[{{item.ToJsonString()}}]}"""),
        });
    }

    private void Request()
    {
        requests++;
        var input = new JsonArray([.. history.Select(static item => item.DeepClone())]);
        bundle.Request(
            LastRequest,
            $$"""{"model":"m","instructions":{{JsonValue.Create(Instructions).ToJsonString()}},"tools":[{{string.Join(',', Tools)}}],{{Parameters}},"input":{{input.ToJsonString()}}}""",
            turn: TurnId);
    }

    private RunStory Append(RawEventPayload payload)
    {
        bundle.Append(payload, turn: TurnId);
        return this;
    }
}
