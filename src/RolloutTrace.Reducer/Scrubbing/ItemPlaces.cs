using System.Text.Json;
using RolloutTrace.Wire;

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
    public static Place Request { get; } = Place.WithMembers(
        Words(["model", "service_tier", "tool_choice", .. Dialects.All.Select(static dialect => dialect.PreviousResponse)]),
        static (_, name) => Dialects.All.Any(dialect => dialect.RequestList == name) ? Items
            : Dialects.All.Any(dialect => dialect.Tools == name) ? Place.ListOf(Tool)
            : name == "reasoning" ? Reasoning
            : Place.Content);

    /// <summary>A model's response.</summary>
    public static Place Response { get; } = Place.WithMembers(
        Words([.. Dialects.All.Select(static dialect => dialect.ResponseId), .. Dialects.All.Select(static dialect => dialect.UpstreamRequestId)]),
        static (_, name) => Dialects.All.Any(dialect => dialect.ResponseList == name) ? Items : Place.Content);

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
