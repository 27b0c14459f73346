using System.Text;
using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>Chunks of Chat Completions: deltas of the first choice's message, its calls by their index.</summary>
internal sealed class ChatCompletionsStream : StreamAssembly
{
    private readonly SortedDictionary<int, Call> calls = [];
    private JsonElement id;
    private JsonElement model;
    private JsonElement role;
    private JsonElement usage;
    private JsonElement finishReason;
    private StringBuilder? content;
    private StringBuilder? refusal;
    private StringBuilder? reasoning;
    private Call? function;

    public override void Add(JsonElement streamed)
    {
        id = First(id, JsonText.Member(streamed, "id"));
        model = First(model, JsonText.Member(streamed, "model"));
        if (JsonText.Member(streamed, "usage") is { ValueKind: JsonValueKind.Object } used)
        {
            usage = used;
        }

        if (JsonText.Member(streamed, "choices") is not { ValueKind: JsonValueKind.Array } choices)
        {
            return;
        }

        foreach (var choice in choices.EnumerateArray())
        {
            if (IndexOf(choice) == 0)
            {
                finishReason = First(JsonText.Member(choice, "finish_reason"), finishReason);
                AddDelta(JsonText.Member(choice, "delta") is { ValueKind: JsonValueKind.Object } delta ? delta : JsonText.Member(choice, "message"));
            }
        }
    }

    protected override void Write(Utf8JsonWriter writer)
    {
        Write(writer, "id", id);
        Write(writer, "model", model);
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteStartObject("message");
        if (role.ValueKind == JsonValueKind.String)
        {
            Write(writer, "role", role);
        }
        else
        {
            writer.WriteString("role", "assistant");
        }

        Write(writer, "reasoning_content", reasoning);
        Write(writer, "content", content);
        Write(writer, "refusal", refusal);
        if (calls.Count > 0)
        {
            writer.WriteStartArray("tool_calls");
            foreach (var call in calls.Values)
            {
                call.Write(writer);
            }

            writer.WriteEndArray();
        }

        if (function is not null)
        {
            writer.WritePropertyName("function_call");
            function.WriteInner(writer);
        }

        writer.WriteEndObject();
        Write(writer, "finish_reason", finishReason);
        writer.WriteEndObject();
        writer.WriteEndArray();
        Write(writer, "usage", usage);
    }

    private void AddDelta(JsonElement delta)
    {
        role = First(role, JsonText.Member(delta, "role"));
        content = Append(content, JsonText.Member(delta, "content"));
        refusal = Append(refusal, JsonText.Member(delta, "refusal"));
        reasoning = Append(reasoning, First(JsonText.Member(delta, "reasoning_content"), JsonText.Member(delta, "reasoning")));
        if (JsonText.Member(delta, "tool_calls") is { ValueKind: JsonValueKind.Array } deltas)
        {
            foreach (var call in deltas.EnumerateArray())
            {
                AddCall(call);
            }
        }

        if (JsonText.Member(delta, "function_call") is { ValueKind: JsonValueKind.Object } legacy)
        {
            Add(function ??= new Call(), legacy, "arguments");
        }
    }

    private void AddCall(JsonElement delta)
    {
        // A delta without an index is a call of its own if it has an id, and else goes on with the last one.
        var last = calls.Count == 0 ? -1 : calls.Keys.Last();
        var index = IndexOf(delta) ?? (JsonText.Member(delta, "id").ValueKind == JsonValueKind.String ? last + 1 : Math.Max(last, 0));
        if (!calls.TryGetValue(index, out var call))
        {
            calls.Add(index, call = new Call());
        }

        call.Id = First(call.Id, JsonText.Member(delta, "id"));
        if (JsonText.Member(delta, "custom") is { ValueKind: JsonValueKind.Object } custom)
        {
            call.IsCustom = true;
            Add(call, custom, "input");
        }
        else
        {
            Add(call, JsonText.Member(delta, "function"), "arguments");
        }
    }

    private void Add(Call call, JsonElement function, string given)
    {
        call.Name = Append(call.Name, JsonText.Member(function, "name"));
        var arguments = JsonText.Member(function, given);
        call.Arguments = arguments.ValueKind == JsonValueKind.Object
            ? (call.Arguments ?? new StringBuilder()).Append(arguments.GetRawText())
            : Append(call.Arguments, arguments);
    }

    private static JsonElement First(JsonElement value, JsonElement other) => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? other : value;

    private static int? IndexOf(JsonElement value) =>
        JsonText.Member(value, "index") is { ValueKind: JsonValueKind.Number } index && index.TryGetInt32(out var number) ? number : null;

    private sealed class Call
    {
        public JsonElement Id { get; set; }

        public bool IsCustom { get; set; }

        public StringBuilder? Name { get; set; }

        public StringBuilder? Arguments { get; set; }

        public void Write(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            StreamAssembly.Write(writer, "id", Id);
            writer.WritePropertyName(IsCustom ? "custom" : "function");
            WriteInner(writer);
            writer.WriteEndObject();
        }

        public void WriteInner(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            StreamAssembly.Write(writer, "name", Name);
            StreamAssembly.Write(writer, IsCustom ? "input" : "arguments", Arguments);
            writer.WriteEndObject();
        }
    }
}
