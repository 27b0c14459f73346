using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Given;

/// <summary>A request as it stood on the wire.</summary>
internal sealed class RequestPayload : IDisposable
{
    private readonly PayloadBytes bytes;
    private readonly JsonDocument document;

    private RequestPayload(PayloadBytes bytes, JsonDocument document)
    {
        this.bytes = bytes;
        this.document = document;
        Dialect = Dialects.OfRequest(Root);
        List = Dialects.ListOf(Root);
        IsWhole = Dialect.PreviousResponse is not { } member || JsonText.Member(Root, member).ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;
    }

    public Dialect Dialect { get; }

    /// <summary>Whether it has all items itself, and does not continue a response that it names.</summary>
    public bool IsWhole { get; }

    /// <summary>How many items each entry of its list stands for.</summary>
    public List<int> ItemCounts { get; } = [];

    private JsonElement Root => document.RootElement;

    private JsonElement List { get; }

    /// <summary>Reads a payload; null if it is missing, damaged, replaced by a marker, or in no dialect that is known.</summary>
    public static RequestPayload? Open(BundleReader bundle, PayloadReference reference)
    {
        PayloadBytes? bytes = null;
        JsonDocument? document = null;
        try
        {
            bytes = bundle.ReadPayload(reference);
            document = JsonDocument.Parse(bytes.Memory, Documents.Options);
            var payload = new RequestPayload(bytes, document);
            if (payload.List.ValueKind is JsonValueKind.Array or JsonValueKind.String
                && JsonText.Member(document.RootElement, PayloadMarkerName.Error).ValueKind == JsonValueKind.Undefined)
            {
                (bytes, document) = (null, null);
                return payload;
            }
        }
        catch (Exception e) when (e is BundleException or JsonException)
        {
            // That it cannot be read is what reduction reports.
        }
        finally
        {
            document?.Dispose();
            bytes?.Dispose();
        }

        return null;
    }

    /// <summary>What it gave. What equals what another request gave is shared with that.</summary>
    public RequestGiven ReadGiven(string id, RequestGiven? before)
    {
        var given = Dialect.ReadGiven(Root);
        var instructions = given.Instructions == before?.Instructions ? before?.Instructions : given.Instructions;
        return new RequestGiven
        {
            InferenceCallId = id,
            Dialect = Dialect.Name,
            Instructions = instructions,
            InstructionsBytes = instructions is null ? 0 : Encoding.UTF8.GetByteCount(instructions),
            Tools = before is not null && HasSame(given.Tools, before.Tools) ? before.Tools : [.. given.Tools.Select(Of)],
            Parameters = before is not null && HasSame(given.Parameters, before.Parameters) ? before.Parameters : [.. given.Parameters.Select(Of)],
        };
    }

    /// <summary>
    /// What each item tells, in the order of the wire; null for those of entries that stand byte by byte at the same place of another
    /// request, which are known from there.
    /// </summary>
    public List<ItemFact?> ReadItems(RequestPayload? other, WireItems items)
    {
        var facts = new List<ItemFact?>();
        if (List.ValueKind == JsonValueKind.String)
        {
            ItemCounts.Add(1);
            facts.Add(new ItemFact(Encoding.UTF8.GetByteCount(JsonText.Read(List, out _)!), Name: null));
            return facts;
        }

        var before = other is { IsWhole: true, List.ValueKind: JsonValueKind.Array } && IsWhole ? other.List.EnumerateArray() : default;
        var isSame = true;
        foreach (var entry in List.EnumerateArray())
        {
            if (isSame && before.MoveNext() && AreSame(before.Current, entry))
            {
                var count = other!.ItemCounts[ItemCounts.Count];
                ItemCounts.Add(count);
                facts.AddRange(Enumerable.Repeat<ItemFact?>(null, count));
                continue;
            }

            isSame = false;
            items.Clear();
            Dialects.Read(entry, Dialect, items);
            var found = facts.Count;
            foreach (var item in items)
            {
                if (item.Kind != WireItemKind.ToolDefinitions)
                {
                    facts.Add(FactOf(item));
                }
            }

            ItemCounts.Add(facts.Count - found);
        }

        return facts;
    }

    /// <summary>The first item that is not what it is in the request before; null if there is none as far as both go, or if one is not whole.</summary>
    public ItemDifference? DifferenceFrom(RequestPayload before)
    {
        if (!IsWhole || !before.IsWhole || Dialect != before.Dialect || List.ValueKind != JsonValueKind.Array || before.List.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var (index, entry) = (0, 0);
        var was = before.List.EnumerateArray();
        foreach (var now in List.EnumerateArray())
        {
            if (!was.MoveNext())
            {
                return null;
            }

            if (!AreSame(was.Current, now) && JsonDifference.Find(was.Current, now) is { } difference)
            {
                return new ItemDifference(index, difference.Member, difference.Change);
            }

            index += ItemCounts[entry++];
        }

        return null;
    }

    /// <summary>What an item of the wire tells.</summary>
    public static ItemFact FactOf(WireItem item)
    {
        long bytes = 0;
        foreach (ref readonly var part in item.Parts)
        {
            bytes += part.Kind == WirePartKind.Reference || part.Value.ValueKind == JsonValueKind.Undefined ? 0
                : JsonText.Read(part.Value, out _) is { } text ? Encoding.UTF8.GetByteCount(text)
                : JsonMarshal.GetRawUtf8Value(part.Value).Length;
        }

        return new ItemFact(bytes, item.Name);
    }

    public void Dispose()
    {
        document.Dispose();
        bytes.Dispose();
    }

    private static bool AreSame(JsonElement first, JsonElement second) =>
        JsonMarshal.GetRawUtf8Value(first).SequenceEqual(JsonMarshal.GetRawUtf8Value(second));

    private static bool HasSame(IReadOnlyList<WireTool> tools, IReadOnlyList<GivenTool> before) =>
        tools.Count == before.Count && !tools.Where((tool, i) => TextOf(tool.Source) != before[i].Definition).Any();

    private static bool HasSame(IReadOnlyList<WireParameter> parameters, IReadOnlyList<GivenParameter> before) =>
        parameters.Count == before.Count
        && !parameters.Where((parameter, i) => parameter.Name != before[i].Name || TextOf(parameter.Value) != before[i].Value).Any();

    private static GivenTool Of(WireTool tool) => new()
    {
        Name = tool.Name,
        Description = tool.Description,
        Schema = tool.Schema.ValueKind == JsonValueKind.Undefined ? null : TextOf(tool.Schema),
        Definition = TextOf(tool.Source),
        Bytes = tool.Bytes,
    };

    private static GivenParameter Of(WireParameter parameter) => new() { Name = parameter.Name, Value = TextOf(parameter.Value) };

    private static string TextOf(JsonElement value) => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value));
}
