using RolloutTrace.GenAI.Items;

namespace RolloutTrace.GenAI.Reading;

/// <summary>Messages as OpenLLMetry spells them out: <c>gen_ai.prompt.N.*</c> and <c>gen_ai.completion.N.*</c>.</summary>
internal static class OpenLLMetryMessages
{
    public static void Read(List<TagTable> messages, ItemBuilder into, string defaultRole)
    {
        foreach (var message in messages)
        {
            var role = message.Text("role") ?? defaultRole;
            into.Begin(role);
            if (role == "thinking")
            {
                // A model's thoughts stand as a message of their own before its answer.
                into.Begin("assistant");
                into.Think(message.Text("content"), message.Text("signature"));
            }
            else if (role.ToLowerInvariant() is "tool" or "function")
            {
                into.Output(message.Text("tool_call_id"), message.Text("name"), message.Value("content"));
            }
            else
            {
                into.Think(message.Text("reasoning"), null);
                ReadContent(message.Value("content"), into);
            }

            foreach (var call in message.List("tool_calls"))
            {
                into.Call(call.Text("id"), call.Text("name"), Arguments(call));
            }

            if (message.Text("function_call.name") is { } function)
            {
                into.Call(null, function, message.Text("function_call.arguments"));
            }

            into.End();
        }
    }

    // Text, or the blocks of one message as JSON text.
    private static void ReadContent(object? content, ItemBuilder into)
    {
        if (Blocks.In(JsonValue.Text(content)) is { } blocks)
        {
            foreach (var block in blocks.EnumerateArray())
            {
                PartMessages.ReadPart(block, into);
            }

            return;
        }

        into.Say(JsonValue.Text(content));
    }

    private static string? Arguments(TagTable call) => call.Text("arguments") is { } text ? ItemBuilder.Canonical(text) : null;
}
