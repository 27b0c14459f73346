using System.Text.Json;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Scrubbing;

/// <summary>What is structure in model items and in the payloads that consist of them.</summary>
internal static class ItemPlaces
{
    private static readonly Place Part = Place.WithMembers("type file_id detail");

    private static readonly Place Parts = Place.ListOf(Part);

    private static readonly Place Output = new() { Entries = Part, IsSummarized = static output => output.ValueKind != JsonValueKind.Array };

    /// <summary>A model item.</summary>
    public static Place Item { get; } = new()
    {
        IsSummarized = IsKnownByItsJson,
        Member = static (item, name) => name switch
        {
            "type" or "id" or "role" or "phase" or "status" or "call_id" or "name" or "namespace" => Place.Structure,
            "content" or "summary" => Parts,
            "arguments" => Arguments(Place.Peek(item, "name")),
            "output" => Output,
            _ => Place.Content,
        },
    };

    private static readonly Place Items = Place.ListOf(Item);

    private static readonly Place Tool = Place.WithMembers("type name");

    private static readonly Place Reasoning = Place.WithMembers("effort summary");

    /// <summary>A model request.</summary>
    public static Place Request { get; } = Place.WithMembers("previous_response_id model service_tier tool_choice", static (_, name) => name switch
    {
        "input" => Items,
        "tools" => Place.ListOf(Tool),
        "reasoning" => Reasoning,
        _ => Place.Content,
    });

    /// <summary>A model's response.</summary>
    public static Place Response { get; } = Place.WithMembers(
        "response_id upstream_request_id", static (_, name) => name == "output_items" ? Items : Place.Content);

    /// <summary>The histories before and behind a compaction.</summary>
    public static Place Checkpoint { get; } = new()
    {
        Member = static (_, name) => name is "input_history" or "replacement_history" ? Items : Place.Content,
    };

    /// <summary>The arguments of a tool: only what the reducer reads of those of two tools is structure.</summary>
    public static Place Arguments(JsonElement toolName)
    {
        var inside = PayloadDocument.TextOf(toolName) switch
        {
            "wait" => Place.WithMembers("cell_id"),
            "write_stdin" => Place.WithMembers("session_id"),
            _ => Place.Content,
        };
        return new Place { InText = inside, Member = inside.Member, IsSummarized = static _ => true };
    }

    private static bool IsKnownByItsJson(JsonElement item) => PayloadDocument.TextOf(Place.Peek(item, "type")) switch
    {
        null => false,
        "custom_tool_call" => Place.Peek(item, "input").ValueKind != JsonValueKind.String,
        "message" or "agent_message" or "reasoning" or "function_call" or "function_call_output" or "custom_tool_call_output"
            or "additional_tools" or "compaction" or "compaction_summary" or "context_compaction" => false,
        _ => true,
    };
}
