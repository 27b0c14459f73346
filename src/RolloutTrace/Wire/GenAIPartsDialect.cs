using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// Messages as OpenTelemetry's conventions for generative AI have them, in requests and responses alike: each has a role and a list of
/// parts with types. The list may be the whole payload.
/// </summary>
internal sealed class GenAIPartsDialect() : Dialect("gen_ai_parts", requestList: "messages", responseList: "messages", usage: "usage")
{
    public override string Instructions => "system_instructions";

    public override string Tools => "tool_definitions";

    public override bool IsRequest(JsonElement request) => Begins(JsonText.Member(request, RequestList));

    public override bool IsResponse(JsonElement response) => Begins(JsonText.Member(response, ResponseList));

    /// <summary>A message with a role and with parts that have a type.</summary>
    public override bool Knows(JsonElement entry)
    {
        if (JsonText.MemberOrNull(entry, "role") is null || JsonText.Member(entry, "parts") is not { ValueKind: JsonValueKind.Array } parts)
        {
            return false;
        }

        foreach (var part in parts.EnumerateArray())
        {
            return JsonText.MemberOrNull(part, "type") is not null;
        }

        return true;
    }

    public override void Read(JsonElement entry, WireItems into)
    {
        var items = new MessageItems(into, entry, JsonText.MemberOrNull(entry, "role"));
        if (JsonText.Member(entry, "parts") is { ValueKind: JsonValueKind.Array } parts)
        {
            foreach (var part in parts.EnumerateArray())
            {
                ReadPart(part, ref items);
            }
        }

        items.End();
    }

    public override WireGiven ReadGiven(JsonElement request) => WireGiven.Read(request, this, furtherTools: "tools");

    private static void ReadPart(JsonElement part, ref MessageItems items)
    {
        var type = JsonText.MemberOrNull(part, "type");
        var id = JsonText.MemberOrNull(part, "id");
        switch (type)
        {
            case "text":
                items.Say(Either(part, "content", "text"), part);
                break;
            case "reasoning" or "thinking":
                items.Think(part, Either(part, "content", "text"), JsonText.Member(part, "signature"), "signature");
                break;
            case "tool_call":
                items.Call(part, id, JsonText.Member(part, "name"), JsonText.Member(part, "arguments"));
                break;
            case "tool_call_response":
                items.Output(part, id, JsonText.Member(part, "name"), Either(part, "response", "result"));
                break;
            case "server_tool_call":
                items.Call(part, id, JsonText.Member(part, "name"), JsonText.Member(part, type));
                break;
            case "server_tool_call_response":
                items.Output(part, id, JsonText.Member(part, "name"), JsonText.Member(part, type));
                break;
            default:
                items.Say(MessageItems.Reference(part, type));
                break;
        }
    }

    private static JsonElement Either(JsonElement part, string member, string other) =>
        JsonText.Member(part, member) is { ValueKind: not JsonValueKind.Undefined } value ? value : JsonText.Member(part, other);

    private bool Begins(JsonElement list)
    {
        if (list.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in list.EnumerateArray())
            {
                return Knows(entry);
            }
        }

        return false;
    }
}
