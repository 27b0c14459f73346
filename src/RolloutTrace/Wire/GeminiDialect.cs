using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// Google's Gemini API: <c>contents</c>, each with a role and parts, and <c>candidates</c> of which the first is what the model said.
/// Names of members come in camel case and in snake case. Calls mostly have no ids.
/// </summary>
internal sealed class GeminiDialect() : Dialect("gemini", requestList: "contents", responseList: "candidates", usage: "usageMetadata")
{
    public override string Instructions => "systemInstruction";

    public override string ResponseId => "responseId";

    /// <summary>Content with parts that have no type.</summary>
    public override bool Knows(JsonElement entry)
    {
        if (JsonText.Member(entry, "parts") is not { ValueKind: JsonValueKind.Array } parts)
        {
            return false;
        }

        foreach (var part in parts.EnumerateArray())
        {
            return part.ValueKind == JsonValueKind.Object && JsonText.MemberOrNull(part, "type") is null;
        }

        return JsonText.MemberOrNull(entry, "role") is "model";
    }

    public override void Read(JsonElement entry, WireItems into)
    {
        var role = JsonText.MemberOrNull(entry, "role") switch
        {
            "model" => "assistant",
            "function" => "tool",
            null => "user",
            var other => other,
        };
        Read(entry, role, into);
    }

    /// <summary>A tool is a group of functions, or a member that switches one of the provider's on.</summary>
    public override WireGiven ReadGiven(JsonElement request) => WireGiven.Read(request, this, ToolsOf, groups: "generationConfig");

    internal override bool IsStreamed(JsonElement entry) =>
        JsonText.Member(entry, ResponseList).ValueKind != JsonValueKind.Undefined || JsonText.Member(entry, Usage).ValueKind != JsonValueKind.Undefined;

    internal override StreamAssembly Assemble() => new GeminiStream();

    // Further candidates are other answers to the same question. One that was stopped before its first word has no content.
    private protected override void ReadAnswer(JsonElement list, JsonElement response, WireItems into)
    {
        foreach (var candidate in list.EnumerateArray())
        {
            if (JsonText.Member(candidate, "content") is { ValueKind: JsonValueKind.Object } content)
            {
                Read(content, "assistant", into);
            }

            return;
        }
    }

    private static void Read(JsonElement entry, string role, WireItems into)
    {
        var items = new MessageItems(into, entry, role);
        if (JsonText.Member(entry, "parts") is { ValueKind: JsonValueKind.Array } parts)
        {
            foreach (var part in parts.EnumerateArray())
            {
                ReadPart(part, ref items);
            }
        }

        items.End();
    }

    private static void ReadPart(JsonElement part, ref MessageItems items)
    {
        if (Member(part, "functionCall", "function_call") is { ValueKind: JsonValueKind.Object } call)
        {
            items.Call(part, JsonText.MemberOrNull(call, "id"), JsonText.Member(call, "name"), JsonText.Member(call, "args"));
        }
        else if (Member(part, "functionResponse", "function_response") is { ValueKind: JsonValueKind.Object } result)
        {
            items.Output(part, JsonText.MemberOrNull(result, "id"), JsonText.Member(result, "name"), JsonText.Member(result, "response"));
        }
        else if (JsonText.Member(part, "text") is { ValueKind: JsonValueKind.String } text)
        {
            if (JsonText.Member(part, "thought").ValueKind == JsonValueKind.True)
            {
                items.Think(part, text, Member(part, "thoughtSignature", "thought_signature"), "thoughtSignature");
            }
            else
            {
                items.Say(text, part);
            }
        }
        else if (Member(part, "executableCode", "executable_code") is { ValueKind: JsonValueKind.Object } code
            && JsonText.Member(code, "code") is { ValueKind: JsonValueKind.String } source)
        {
            items.Say(new WirePart(WirePartKind.Code, source, part, JsonText.MemberOrNull(code, "language") is "PYTHON" ? "python" : "code"));
        }
        else if (Member(part, "codeExecutionResult", "code_execution_result") is { ValueKind: JsonValueKind.Object } outcome)
        {
            items.Say(new WirePart(WirePartKind.Json, outcome, part));
        }
        else
        {
            items.Say(MessageItems.Reference(part, WhatIsIn(part)));
        }
    }

    // An image or a file: the member that holds it says what it is.
    private static string? WhatIsIn(JsonElement part)
    {
        if (part.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in part.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.Object)
                {
                    return JsonText.Name(member, out _);
                }
            }
        }

        return null;
    }

    private static JsonElement Member(JsonElement part, string name, string snake) =>
        JsonText.Member(part, name) is { ValueKind: not JsonValueKind.Undefined } value ? value : JsonText.Member(part, snake);

    private static IEnumerable<WireTool> ToolsOf(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        foreach (var member in entry.EnumerateObject())
        {
            if (JsonText.Name(member, out _) is "functionDeclarations" or "function_declarations" && member.Value.ValueKind == JsonValueKind.Array)
            {
                foreach (var function in member.Value.EnumerateArray())
                {
                    yield return WireTool.Read(function);
                }
            }
            else
            {
                yield return WireTool.SwitchedOn(JsonText.Name(member, out _), member.Value);
            }
        }
    }
}
