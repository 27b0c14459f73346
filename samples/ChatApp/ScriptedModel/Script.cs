using System.Text.Json.Nodes;

namespace ChatApp.ScriptedModel;

/// <summary>What the model says: to whom it is the botanist, and to whom the guide.</summary>
internal static class Script
{
    public static Answer Answer(JsonObject request)
    {
        var messages = request["messages"]!.AsArray();
        if (Texts(messages, "system").Any(text => text.Contains("botanist. Answer", StringComparison.Ordinal)))
        {
            return new Answer(messages, "Basil dies below ten degrees; parsley and chives do not mind.");
        }

        var question = Texts(messages, "user").Last();
        var isAnswered = (string?)messages[^1]!["role"] == "tool";
        return question switch
        {
            "What can I plant this week?" when !isAnswered => new Answer(
                messages,
                text: null,
                ("call_forecast", "forecast", """{"days":3}"""),
                ("call_botanist", "botanist", """{"query":"Which herbs stand nights of eight degrees?"}""")),
            "What can I plant this week?" => new Answer(messages, "Parsley and chives: the nights have eight to ten degrees, which basil does not stand."),
            "And on a balcony?" => new Answer(messages, "The same, and it is two degrees warmer there."),
            "My basil is dying. Why?" when !isAnswered => new Answer(messages, text: null, ("call_why", "botanist", """{"query":"Why does basil die in spring?"}""")),
            _ => new Answer(messages, "It is too cold for it. Take it inside at night."),
        };
    }

    private static IEnumerable<string> Texts(JsonArray messages, string role) => messages.Where(message => (string?)message!["role"] == role).Select(message => Text(message!["content"]));

    private static string Text(JsonNode? content) => content is JsonArray parts ? string.Concat(parts.Select(part => (string?)part!["text"])) : (string?)content ?? "";
}
