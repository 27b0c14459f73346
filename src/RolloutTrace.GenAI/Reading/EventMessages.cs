using System.Text.Json;
using RolloutTrace.GenAI.Items;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>Messages as events of a span: one an event, named by its role, and the answer as a choice.</summary>
internal static class EventMessages
{
    private const string Choice = "gen_ai.choice";

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

    /// <summary>Reads what was given into one builder, and gives another one with what came of it.</summary>
    /// <param name="events">The events.</param>
    /// <param name="input">Takes what was given.</param>
    /// <param name="answers">Whether messages of the assistant's are answers: a service that keeps the conversation tells no choices.</param>
    public static ItemBuilder Read(IReadOnlyList<SpanEvent> events, ItemBuilder input, bool answers = false)
    {
        var choices = new List<JsonElement>();
        foreach (var happened in events)
        {
            var tags = new TagTable(happened.Attributes);
            if (happened.Name == Choice || (answers && happened.Name == "gen_ai.assistant.message"))
            {
                if (BodyOf(tags) is var body && !IsOneMore(body))
                {
                    choices.Add(body);
                }
            }
            else if (happened.Name == "gen_ai.content.prompt")
            {
                ChatMessages.Read(tags.Json("gen_ai.prompt"), input, "user");
            }
            else if (happened.Name == "gen_ai.content.completion" && tags.Json("gen_ai.completion") is { } completion)
            {
                choices.Add(completion);
            }
            else if (RoleOf(happened.Name) is { } role)
            {
                ChatMessages.ReadMessage(BodyOf(tags), input, role);
            }
        }

        var output = input.Continue();
        foreach (var choice in choices)
        {
            ReadChoice(choice, output);
        }

        return output;
    }

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

    // As one JSON text, or member by member.
    private static JsonElement BodyOf(TagTable tags)
    {
        if ((tags.Json("gen_ai.event.content", "gen_ai.event.body", "body") ?? CutJson.Read(tags.Value("gen_ai.event.content") as string)) is { } body)
        {
            return body;
        }

        return JsonElement.Parse(JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            foreach (var (name, value) in tags.All)
            {
                writer.WritePropertyName(name);
                if (name is "tool_calls" or "message" && JsonValue.Json(value) is { ValueKind: JsonValueKind.Object or JsonValueKind.String } json)
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
