using System.Text.Json;
using RolloutTrace.GenAI.Dialects;
using RolloutTrace.GenAI.Items;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>What a request showed to a model and what that gave, from whatever form a span has it in.</summary>
internal sealed class ChatContent
{
    private const string InputMessages = "gen_ai.input.messages";
    private const string OutputMessages = "gen_ai.output.messages";
    private const string VercelMessages = "ai.prompt.messages";

    private readonly ItemBuilder input;
    private readonly IReadOnlyList<ModelItem>? shown;

    private ChatContent(ItemBuilder input, ItemBuilder? output)
    {
        this.input = input;
        Output = output?.Items ?? [];
    }

    private ChatContent(ChatContent own, ItemBuilder input, IReadOnlyList<ModelItem>? shown, IReadOnlyList<ModelItem> output)
    {
        this.input = input;
        this.shown = shown;
        Output = output;
        (Instructions, Tools, InputDefect, OutputDefect) = (own.Instructions, own.Tools, own.InputDefect, own.OutputDefect);
    }

    public string? Instructions { get; private init; }

    public IReadOnlyList<ModelItem> Input => shown ?? input.Items;

    public IReadOnlyList<ModelItem> Output { get; }

    /// <summary>A hash of what the model was told to do, apart from messages and in them; null if it was told nothing.</summary>
    public UInt128? Told
    {
        get
        {
            var messages = Input.Where(static item => item.Role is "system" or "developer").Select(static item => item.Hash).ToList();
            return Instructions is null && messages.Count == 0 ? null : Threads.HistoryHash.OfText($"{Instructions}\0{string.Join('\0', messages)}");
        }
    }

    /// <summary>A list of tool definitions; null if there is none.</summary>
    public JsonElement? Tools { get; private init; }

    /// <summary>Why what was given cannot be read, though the span has something; null where nothing is wrong.</summary>
    public string? InputDefect { get; private init; }

    /// <summary>Why what came of it cannot be read; null where nothing is wrong.</summary>
    public string? OutputDefect { get; private init; }

    /// <summary>Whether the span has any of what was said.</summary>
    public bool IsCaptured => Input.Count > 0 || Output.Count > 0 || Instructions is not null || InputDefect is not null || OutputDefect is not null;

    /// <summary>The same, with what another span tells of the same request and this one does not.</summary>
    public ChatContent CompletedBy(ChatContent other)
    {
        var isTold = Input.Count > 0 || InputDefect is not null;
        var output = Output.Count == 0 || (Output.All(static item => item.Kind != ItemKind.Call) && other.Output is [.., { Kind: ItemKind.Call }]) ? other.Output : Output;
        return new ChatContent(this, isTold ? input : other.input, isTold ? WithOutputs(Input, other.Input) : null, output)
        {
            Instructions = isTold ? Instructions : other.Instructions,
            Tools = Tools ?? other.Tools,
            InputDefect = isTold ? InputDefect : other.InputDefect,
            OutputDefect = ReferenceEquals(output, Output) ? OutputDefect : other.OutputDefect,
        };
    }

    private static List<ModelItem>? WithOutputs(IReadOnlyList<ModelItem> items, IReadOnlyList<ModelItem> known)
    {
        List<ModelItem>? shown = null;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is { Kind: ItemKind.Output, Text.Length: 0, CallId: { } id } && known.FirstOrDefault(item => item.Kind == ItemKind.Output && item.CallId == id) is { Text.Length: > 0 } told)
            {
                (shown ??= [.. items])[i] = ItemBuilder.WithOutput(items[i], told.Text);
            }
        }

        return shown;
    }

    /// <summary>Reads a span's content; of several forms the first that has messages.</summary>
    /// <param name="tags">The span's attributes.</param>
    /// <param name="events">The span's events.</param>
    /// <param name="earlierTags">The attributes that it had before.</param>
    /// <param name="earlier">What was read of them.</param>
    public static ChatContent Read(TagTable tags, IReadOnlyList<SpanEvent> events, TagTable? earlierTags = null, ChatContent? earlier = null)
    {
        if (earlier is not null && earlierTags!.Value(InputMessages) is { } messages && ReferenceEquals(messages, tags.Value(InputMessages)))
        {
            var answered = earlier.input.Continue();
            ChatMessages.Read(Answers(tags), answered, "assistant");
            return Around(tags, earlier.input, answered);
        }

        var input = new ItemBuilder();
        ItemBuilder? output = null;
        (string? Input, string? Output) cut = default;
        if (tags.Has(InputMessages) || tags.Has(OutputMessages))
        {
            PartMessages.Read(Messages(tags, InputMessages), input, "user");
            ChatMessages.Read(Answers(tags), output = input.Continue(), "assistant");
        }
        else if (EventMessages.AreIn(events))
        {
            output = EventMessages.Read(events, input, answers: tags.Text("gen_ai.operation.name") is "process_thread_run");
            cut = EventMessages.CutIn(events);
        }
        else if (EventMessages.In(tags) is { Count: > 0 } told)
        {
            output = EventMessages.Read(tags.Has("raw_input") ? EventMessages.WithAnswers(told) : told, input);
        }
        else if (tags.HasPrefix("llm.input_messages.") || tags.HasPrefix("llm.output_messages."))
        {
            OpenInferenceMessages.Read(tags.List("llm.input_messages"), input, "user");
            OpenInferenceMessages.Read(tags.List("llm.output_messages"), output = input.Continue(), "assistant");
        }
        else if (tags.HasPrefix("gen_ai.prompt.") || tags.HasPrefix("gen_ai.completion."))
        {
            OpenLLMetryMessages.Read(tags.List("gen_ai.prompt"), input, "user");
            OpenLLMetryMessages.Read(tags.List("gen_ai.completion"), output = input.Continue(), "assistant");
        }
        else if (tags.Has("ai.prompt.messages") || tags.HasPrefix("ai.response."))
        {
            ChatMessages.Read(Messages(tags, VercelMessages), input, "user");
            output = VercelResponse.Read(tags, input);
        }
        else
        {
            // Version 1.26 of the conventions, and OpenInference where it has no messages apart.
            ChatMessages.Read(JsonOrText(tags, "input.mime_type", ModelApi.Messages, "gen_ai.prompt", "llm.prompts", "input.value"), input, "user");
            ChatMessages.Read(JsonOrText(tags, "output.mime_type", ModelApi.Answer, "gen_ai.completion", "output.value"), output = input.Continue(), "assistant");
        }

        return Around(tags, input, output, cut);
    }

    private static ChatContent Around(TagTable tags, ItemBuilder input, ItemBuilder? output, (string? Input, string? Output) cut = default) => new(input, output)
    {
        Instructions = PartMessages.Instructions(WholeOrCut(tags.Value("gen_ai.system_instructions"))),
        Tools = ToolDefinitions.Read(tags),
        InputDefect = cut.Input ?? DefectOf(tags, tags.Has(InputMessages) ? InputMessages : VercelMessages, input),
        OutputDefect = cut.Output ?? DefectOf(tags, OutputMessages, output),
    };

    // Something is there, and nothing could be made of it, or of a part of it.
    private static string? DefectOf(TagTable tags, string name, ItemBuilder? items)
    {
        if (tags.Value(name) is not string { Length: > 0 } text)
        {
            return null;
        }

        return text.Length > JsonValue.MaxText ? $"{name} is too large: {text.Length} characters"
            : JsonValue.Parse(text) is { } json ? json.ValueKind == JsonValueKind.Array || items is { Items.Count: > 0 } ? null : $"{name} is no JSON list"
            : CutJson.Read(text) is not { ValueKind: JsonValueKind.Array } ? $"{name} is no JSON list"
            : $"{name} was cut off after {text.Length} characters, and {(items is { Items.Count: > 0 } ? "what stands before that is here" : "nothing that is said stands before that")}";
    }

    private static JsonElement? Messages(TagTable tags, string name) => tags.Json(name) is { } messages ? MessageShape.Spelled(messages) : CutJson.Read(tags.Value(name) as string);

    // Where several answers were asked for, each is a message, and the first is the one that a conversation goes on with.
    private static JsonElement? Answers(TagTable tags) => Messages(tags, OutputMessages) switch
    {
        { ValueKind: JsonValueKind.Array } messages when messages.GetArrayLength() > 1 && tags.Integer("gen_ai.request.choice.count") > 1 => messages[0],
        { ValueKind: JsonValueKind.Array } messages when GeminiChunks.In(messages) => GeminiChunks.Whole(messages),
        { ValueKind: JsonValueKind.Object } whole when (JsonText.Member(whole, "response") is { ValueKind: JsonValueKind.Object } response ? response : whole) is var inner => ModelApi.Answer(inner) ?? inner,
        var messages => messages,
    };

    private static object? WholeOrCut(object? value) => value is string text && JsonValue.Parse(text) is null && CutJson.Read(text) is { ValueKind: JsonValueKind.Array } cut ? cut : value;

    // Some put the API's whole request or response there. What is neither that nor messages is what was said, JSON or not, and so is what could be
    // either and is told to be plain text.
    private static JsonElement? JsonOrText(TagTable tags, string mimeType, Func<JsonElement, JsonElement?> inside, params ReadOnlySpan<string> names)
    {
        if (tags.Value(names) is not { } value || WholeExchange.IsHidden(value))
        {
            return null;
        }

        if (JsonValue.Json(value) is not { ValueKind: JsonValueKind.Array or JsonValueKind.Object or JsonValueKind.String } json)
        {
            return Said(value);
        }

        var isPlain = ReferenceEquals(value, tags.Value(names[^1])) && tags.Text(mimeType) is "text/plain";
        return json.ValueKind == JsonValueKind.String ? json
            : inside(json) ?? ((isPlain ? MessageShape.AreMessages(json) : MessageShape.IsOf(json)) ? json : Said(value));
    }

    private static JsonElement? Said(object value) => JsonValue.Text(value) is { } text ? JsonElement.Parse(JsonValue.Written(writer => writer.WriteStringValue(text))) : null;
}
