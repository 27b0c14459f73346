using System.Text.Json;
using RolloutTrace.GenAI.Items;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>Messages as events of a span: one an event, named by its role, and the answer as a choice.</summary>
internal static class EventMessages
{
    private const string Choice = "gen_ai.choice";
    private const string Content = "gen_ai.event.content";

    public static bool AreIn(IReadOnlyList<SpanEvent> events)
    {
        foreach (var happened in events)
        {
            if (RoleOf(happened.Name) is not null || happened.Name is Choice or "gen_ai.content.prompt" or "gen_ai.content.completion")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Events that a span has as a list in an attribute; none if it has none.</summary>
    public static IReadOnlyList<SpanEvent> In(TagTable tags)
    {
        if (tags.Json("events") is not { ValueKind: JsonValueKind.Array } list)
        {
            return [];
        }

        var events = new List<SpanEvent>();
        foreach (var entry in list.EnumerateArray())
        {
            if (JsonText.MemberOrNull(entry, "event.name") is { } name)
            {
                events.Add(new SpanEvent(name, default, [new SpanTag("body", entry)]));
            }
        }

        return AreIn(events) ? events : [];
    }

    /// <summary>The same, where what a model has answered stands behind what it was given without being told apart.</summary>
    public static IReadOnlyList<SpanEvent> WithAnswers(IReadOnlyList<SpanEvent> events)
    {
        var told = events.ToList();
        for (var i = told.Count - 1; i >= 0 && told[i].Name == "gen_ai.assistant.message"; i--)
        {
            told[i] = told[i] with { Name = Choice };
        }

        return told;
    }

    /// <summary>Reads what was given into one builder, and gives another one with what came of it.</summary>
    /// <param name="events">The events.</param>
    /// <param name="input">Takes what was given.</param>
    /// <param name="answers">Whether messages of the assistant's are answers: a service that keeps the conversation tells no choices.</param>
    public static ItemBuilder Read(IReadOnlyList<SpanEvent> events, ItemBuilder input, bool answers = false)
    {
        var choices = new List<(JsonElement Body, string? Role)>();
        foreach (var happened in events)
        {
            var tags = new TagTable(happened.Attributes);
            if (happened.Name == Choice || (answers && happened.Name == "gen_ai.assistant.message"))
            {
                if (BodyOf(tags) is var body && !IsOneMore(body))
                {
                    choices.Add((body, null));
                }
            }
            else if (happened.Name == "gen_ai.content.prompt")
            {
                ChatMessages.Read(Told(tags, "gen_ai.prompt"), input, "user");
            }
            else if (happened.Name == "gen_ai.content.completion" && Told(tags, "gen_ai.completion") is { } completion)
            {
                choices.Add((completion, null));
            }
            else if (RoleOf(happened.Name) is { } role && answers && choices.Count > 0)
            {
                // What a service's own rounds have between them.
                choices.Add((BodyOf(tags), role));
            }
            else if (RoleOf(happened.Name) is { } given)
            {
                ChatMessages.ReadMessage(BodyOf(tags), input, given);
            }
        }

        var output = input.Continue();
        foreach (var (body, role) in choices)
        {
            if (role is null)
            {
                ReadChoice(body, output);
            }
            else
            {
                ChatMessages.ReadMessage(body, output, role);
            }
        }

        return output;
    }

    // Where it was logged the message is the body; else it is JSON text, or words.
    private static JsonElement? Told(TagTable tags, string name) =>
        tags.Json("body") is { ValueKind: JsonValueKind.Object } body ? body
        : tags.Json(name) is { } json && (json.ValueKind == JsonValueKind.String || MessageShape.IsOf(json)) ? json
        : (JsonValue.Text(tags.Value(name)) is { } words ? JsonElement.Parse(JsonValue.Written(writer => writer.WriteStringValue(words))) : null);

    // Of several answers the first is the one that a conversation goes on with, as others are read.
    private static bool IsOneMore(JsonElement choice) => JsonText.Member(choice, "index") is { ValueKind: JsonValueKind.Number } index && index.TryGetInt32(out var place) && place > 0;

    // The message stands inside the choice, and its calls there or beside it.
    private static void ReadChoice(JsonElement choice, ItemBuilder output)
    {
        var message = JsonText.Member(choice, "message");
        if (message.ValueKind == JsonValueKind.Array)
        {
            output.Begin("assistant");
            foreach (var block in message.EnumerateArray())
            {
                PartMessages.ReadPart(block, output);
            }

            output.End();
            return;
        }

        if (message.ValueKind is not (JsonValueKind.Object or JsonValueKind.String))
        {
            ChatMessages.Read(choice, output, "assistant");
            return;
        }

        var before = output.Items.Count;
        ChatMessages.ReadMessage(message, output, "assistant");
        if (!output.Items.Skip(before).Any(static item => item.Kind == ItemKind.Call))
        {
            output.Begin("assistant");
            ChatMessages.ReadCalls(JsonText.Member(choice, "tool_calls"), output);
            output.End();
        }
    }

    /// <summary>Which message of what was given, and which of what came of it, is there only up to where it was cut off; null where none is.</summary>
    public static (string? Input, string? Output) CutIn(IReadOnlyList<SpanEvent> events)
    {
        (string? Input, string? Output) cut = default;
        foreach (var happened in events)
        {
            foreach (var tag in happened.Attributes)
            {
                if (tag is { Name: Content, Value: string { Length: > 0 } text } && JsonValue.Parse(text) is null && CutJson.Read(text) is not null)
                {
                    var words = $"{happened.Name} was cut off after {text.Length} characters, and what stands before that is here";
                    cut = happened.Name == Choice ? (cut.Input, cut.Output ?? words) : (cut.Input ?? words, cut.Output);
                }
            }
        }

        return cut;
    }

    // As one JSON text, or member by member.
    private static JsonElement BodyOf(TagTable tags)
    {
        if ((tags.Json(Content, "gen_ai.event.body", "body") ?? CutJson.Read(tags.Value(Content) as string)) is { } body)
        {
            return body;
        }

        return JsonElement.Parse(JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            foreach (var (name, value) in tags.All)
            {
                writer.WritePropertyName(name);
                if (name is "tool_calls" or "message" && JsonValue.Json(value) is { ValueKind: JsonValueKind.Object or JsonValueKind.String } json && (name != "message" || json.ValueKind == JsonValueKind.String || MessageShape.IsOf(json)))
                {
                    JsonValue.WriteElement(writer, json);
                }
                else if (name is "content" or "message" or "tool_calls" && JsonValue.Json(value) is { ValueKind: JsonValueKind.Array } list && (name == "tool_calls" || Blocks.In(JsonValue.Text(value)) is not null))
                {
                    JsonValue.WriteElement(writer, list);
                }
                else
                {
                    JsonValue.Write(writer, value);
                }
            }

            writer.WriteEndObject();
        }));
    }

    private static string? RoleOf(string name) => name switch
    {
        "gen_ai.system.message" => "system",
        "gen_ai.developer.message" => "developer",
        "gen_ai.user.message" => "user",
        "gen_ai.assistant.message" => "assistant",
        "gen_ai.tool.message" => "tool",
        _ => null,
    };
}
