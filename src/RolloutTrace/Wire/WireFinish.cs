using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>Why a model stopped, in the words of OpenTelemetry's conventions.</summary>
internal static class WireFinish
{
    private const string Stop = "stop";
    private const string ToolCalls = "tool_calls";
    private const string Length = "length";
    private const string ContentFilter = "content_filter";

    /// <summary>What a response itself says, one entry a choice; null if it says nothing.</summary>
    public static string[]? Of(JsonElement response)
    {
        if (response.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (OfChoices(JsonText.Member(response, "choices"), "finish_reason") is { } ofChoices)
        {
            return ofChoices;
        }

        if (OfChoices(JsonText.Member(response, "candidates"), "finishReason") is { } ofCandidates)
        {
            return ofCandidates;
        }

        // The Responses API gives its reason for an incomplete response and no other.
        return JsonText.MemberOrNull(response, "stop_reason") is { Length: > 0 } reason ? [Word(reason)]
            : JsonText.MemberOrNull(JsonText.Member(response, "incomplete_details"), "reason") is { Length: > 0 } incomplete ? [incomplete]
            : null;
    }

    /// <summary>
    /// What a response and its items come to: what it says itself, and where that is nothing, or only that it stopped, whether it asks
    /// for tools.
    /// </summary>
    /// <param name="said">What the response says.</param>
    /// <param name="items">What the model gave.</param>
    /// <param name="isCompleted">Whether the response came whole; of another one nothing is concluded.</param>
    public static string[]? Of(in WireResponse said, WireItems items, bool isCompleted)
    {
        var words = said.FinishReasons();
        if (words is null)
        {
            return !isCompleted ? null : AsksForTools(items) ? [ToolCalls] : [Stop];
        }

        if (words is [Stop] && AsksForTools(items))
        {
            words[0] = ToolCalls;
        }

        return words;
    }

    private static string[]? OfChoices(JsonElement choices, string member)
    {
        if (choices.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        List<string>? words = null;
        foreach (var choice in choices.EnumerateArray())
        {
            if (JsonText.MemberOrNull(choice, member) is { Length: > 0 } word)
            {
                (words ??= []).Add(Word(word));
            }
        }

        return words?.ToArray();
    }

    private static string Word(string word) => word switch
    {
        "end_turn" or "stop_sequence" or "STOP" => Stop,
        "tool_use" or "function_call" => ToolCalls,
        "max_tokens" or "model_context_window_exceeded" or "MAX_TOKENS" => Length,
        "refusal" or "SAFETY" or "RECITATION" or "LANGUAGE" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "IMAGE_SAFETY" => ContentFilter,
        "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL" => "error",
        _ => word,
    };

    // A call that the provider carries out itself is no reason to stop.
    private static bool AsksForTools(WireItems items)
    {
        foreach (var item in items)
        {
            var type = JsonText.MemberOrNull(item.Source, "type");
            if (item.Kind switch
            {
                WireItemKind.FunctionCall => type is not ("server_tool_use" or "mcp_tool_use" or "server_tool_call"),
                WireItemKind.CustomToolCall => true,
                WireItemKind.BuiltInCall => BuiltInCalls.IsForProgram(type),
                _ => false,
            })
            {
                return true;
            }
        }

        return false;
    }
}
