using RolloutTrace.GenAI.Items;

namespace RolloutTrace.GenAI.Reading;

/// <summary>Messages as OpenInference spells them out: <c>llm.input_messages.N.message.*</c>.</summary>
internal static class OpenInferenceMessages
{
    public static void Read(List<TagTable> messages, ItemBuilder into, string defaultRole)
    {
        foreach (var message in messages)
        {
            var role = message.Text("message.role") ?? defaultRole;
            into.Begin(role, message.Text("message.name"));
            var calls = message.List("message.tool_calls");
            if (role.ToLowerInvariant() is "tool" or "function")
            {
                into.Output(message.Text("message.tool_call_id"), message.Text("message.name"), message.Value("message.content") ?? TextOf(message));
            }
            else
            {
                into.Say(message.Text("message.content"));
                foreach (var content in message.List("message.contents"))
                {
                    ReadContent(content, into);
                }
            }

            foreach (var call in calls)
            {
                into.Call(call.Text("tool_call.id"), call.Text("tool_call.function.name"), Arguments(call.Value("tool_call.function.arguments")));
            }

            if (calls.Count == 0 && message.Text("message.function_call_name") is { } function)
            {
                into.Call(null, function, Arguments(message.Value("message.function_call_arguments_json")));
            }

            into.End();
        }
    }

    private static void ReadContent(TagTable content, ItemBuilder into)
    {
        switch (content.Text("message_content.type"))
        {
            case null or "text":
                into.Say(content.Text("message_content.text"));
                break;
            case "reasoning" or "thinking":
                into.Think(content.Text("message_content.text"), null);
                break;
            case var type:
                into.Add(System.Text.Json.JsonElement.Parse(JsonValue.Written(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("type"u8, type);
                    foreach (var (name, value) in content.All)
                    {
                        if (name != "message_content.type")
                        {
                            writer.WritePropertyName(name);
                            JsonValue.Write(writer, value);
                        }
                    }

                    writer.WriteEndObject();
                })));
                break;
        }
    }

    private static string? TextOf(TagTable message)
    {
        var texts = message.List("message.contents").Select(static content => content.Text("message_content.text")).OfType<string>().ToList();
        return texts.Count > 0 ? string.Join('\n', texts) : null;
    }

    private static string? Arguments(object? arguments) => JsonValue.Text(arguments) is { } text ? ItemBuilder.Canonical(text) : null;
}
