using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Scrubbing;

/// <summary>What is structure in model items and in the payloads that consist of them.</summary>
internal static class ItemPlaces
{
    // A part of an item, or what other APIs have there: Anthropic's blocks, Gemini's parts and those of gen_ai.
    private static readonly Place Part = Place.WithMembers("type file_id detail id name tool_use_id", static (part, name) => name switch
    {
        "content" or "response" or "result" => Output!,
        "input" or "arguments" => Arguments(Place.Peek(part, "name")),
        "functionCall" or "function_call" or "functionResponse" or "function_response" => Call!,
        _ => Place.Content,
    });

    private static readonly Place Parts = Place.ListOf(Part);

    private static readonly Place Output = new() { Entries = Part, IsSummarized = static output => output.ValueKind != JsonValueKind.Array };

    private static readonly Place Call = Place.WithMembers("id name", static (call, name) => name switch
    {
        "arguments" or "args" or "input" => Arguments(Place.Peek(call, "name")),
        "response" => Output,
        _ => Place.Content,
    });

    // One of Chat Completions' calls.
    private static readonly Place ToolCall = Place.WithMembers("id type", static (_, name) => name is "function" or "custom" ? Call : Place.Content);

    /// <summary>A model item, or a message or block of another API.</summary>
    public static Place Item { get; } = new()
    {
        IsSummarized = IsKnownByItsJson,
        Member = static (item, name) => name switch
        {
            "type" or "id" or "role" or "phase" or "status" or "call_id" or "name" or "namespace" or "tool_call_id" or "tool_use_id" => Place.Structure,
            "content" when Place.Peek(item, "type").ValueKind == JsonValueKind.String && JsonText.MemberOrNull(item, "type")!.EndsWith("tool_result", StringComparison.Ordinal) => Output,
            "content" or "summary" or "parts" => Parts,
            "arguments" or "input" => Arguments(Place.Peek(item, "name")),
            "output" => Output,
            "tool_calls" => Place.ListOf(ToolCall),
            "function_call" => Call,
            _ => Place.Content,
        },
    };

    private static readonly Place Items = Place.ListOf(Item);

    private static readonly Place Choices = Place.ListOf(Place.WithMembers(
        "finish_reason finishReason", static (_, name) => name is "message" or "content" ? Item! : Place.Content));

    private static readonly HashSet<string> ResponseIds =
        [.. Dialects.All.Select(static dialect => dialect.ResponseId).Concat(Dialects.All.Select(static dialect => dialect.UpstreamRequestId)).OfType<string>(), "role", "type", "stop_reason", "model"];

    private static readonly Place Tool = Place.WithMembers("type name");

    private static readonly Place Reasoning = Place.WithMembers("effort summary");

    /// <summary>A model request.</summary>
    public static Place Request { get; } = Place.WithMembers(
        Words(["model", "service_tier", "tool_choice", .. Dialects.All.Select(static dialect => dialect.PreviousResponse)]),
        static (_, name) => Dialects.All.Any(dialect => dialect.RequestList == name) ? Items
            : Dialects.All.Any(dialect => dialect.Tools == name) ? Place.ListOf(Tool)
            : name == "reasoning" ? Reasoning
            : Place.Content);

    /// <summary>A model's response. Of a stream the copy has what its events give together: the words of a delta are no words of the answer.</summary>
    public static Place Response { get; } = new()
    {
        Whole = Dialects.Assembled,
        Entries = Item,
        Member = static (_, name) => ResponseIds.Contains(name) ? Place.Structure
            : name is "choices" or "candidates" ? Choices
            : Dialects.All.Any(dialect => dialect.ResponseList == name) ? Items
            : Place.Content,
    };

    /// <summary>The histories before and behind a compaction.</summary>
    public static Place Checkpoint { get; } = new()
    {
        Member = static (_, name) => name is PayloadMembers.InputHistory or PayloadMembers.ReplacementHistory ? Items : Place.Content,
    };

    /// <summary>The arguments of a tool: only what the reducer reads of those of two tools is structure.</summary>
    public static Place Arguments(JsonElement toolName)
    {
        var inside = JsonText.OrNull(toolName) switch
        {
            "wait" => Place.WithMembers("cell_id"),
            "write_stdin" => Place.WithMembers("session_id"),
            _ => Place.Content,
        };
        return new Place { InText = inside, Member = inside.Member, IsSummarized = static _ => true };
    }

    // Those of which a part is the item itself.
    private static bool IsKnownByItsJson(JsonElement item)
    {
        if (JsonText.OrNull(Place.Peek(item, "type")) is null)
        {
            return false;
        }

        var items = new WireItems();
        Dialects.Read(item, Dialects.Default, items);
        foreach (var read in items)
        {
            foreach (ref readonly var part in read.Parts)
            {
                if (part.Kind == WirePartKind.Item)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static string Words(IEnumerable<string?> names) => string.Join(' ', names.OfType<string>().Distinct(StringComparer.Ordinal));
}
