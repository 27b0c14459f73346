using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Given;

/// <summary>
/// A request as it stood on the wire. What its list repeats of the request that it is opened after is compared and not parsed; entries are
/// counted as they stand there all the same.
/// </summary>
internal sealed class RequestPayload : IDisposable
{
    private readonly PayloadBytes bytes;
    private readonly JsonDocument document;
    private readonly ReadOnlyMemory<byte> parsed;
    private RequestPayload? repeated;
    private readonly RepeatedBeginning beginning;
    private List<int>? ends;

    private RequestPayload(PayloadBytes bytes, ReadOnlyMemory<byte> parsed, RequestPayload? repeated, RepeatedBeginning beginning)
    {
        this.bytes = bytes;
        this.parsed = parsed;
        this.repeated = repeated;
        this.beginning = beginning;
        document = JsonDocument.Parse(parsed, Documents.Options);
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

    // Without the entries that are repeated, the first one aside.
    private JsonElement List { get; }

    private bool HasEntries => IsWhole && List.ValueKind == JsonValueKind.Array;

    private int LeftOut => Math.Max(0, beginning.Entries - 1);

    /// <summary>Reads a payload; null if it is missing, or as <see cref="Read"/> says.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="reference">The payload.</param>
    public static RequestPayload? Open(BundleReader bundle, PayloadReference reference)
    {
        try
        {
            return Read(bundle.ReadPayload(reference));
        }
        catch (BundleException)
        {
            // That it cannot be read is what reduction reports.
            return null;
        }
    }

    /// <summary>A payload that was read; null if it is damaged, replaced by a marker with no part of it, or in no dialect that is known.</summary>
    /// <param name="read">The bytes, which are this method's.</param>
    /// <param name="before">A request whose history this one may repeat; it must not be disposed of as long as this one is asked.</param>
    public static RequestPayload? Read(PayloadBytes read, RequestPayload? before = null)
    {
        var bytes = read;
        RequestPayload? payload = null;
        try
        {
            payload = OpenAfter(bytes, before) ?? new RequestPayload(bytes, bytes.Memory, repeated: null, default);
            if (payload.List.ValueKind is JsonValueKind.Array or JsonValueKind.String
                && (JsonText.Member(payload.Root, PayloadMarkerName.Error).ValueKind == JsonValueKind.Undefined || payload.List is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0))
            {
                var opened = payload;
                (bytes, payload) = (null, null);
                return opened;
            }
        }
        catch (JsonException)
        {
            // That it cannot be read is what reduction reports.
        }
        finally
        {
            payload?.document.Dispose();
            bytes?.Dispose();
        }

        return null;
    }

    // Where the rest tells of another dialect, or of another list, all of it has to be looked at.
    private static RequestPayload? OpenAfter(PayloadBytes bytes, RequestPayload? before)
    {
        if (before is not { HasEntries: true } || RepeatedBeginning.Find(bytes.Span, before.bytes.Span, before.Ends) is not { } beginning)
        {
            return null;
        }

        var payload = new RequestPayload(bytes, beginning.Without(bytes), before, beginning);
        if (payload.HasEntries && payload.Dialect == before.Dialect && payload.PlaceOf(payload.List) == before.PlaceOf(before.List))
        {
            return payload;
        }

        payload.document.Dispose();
        return null;
    }

    /// <summary>Whether it gave beside its list what another gave beside its own, byte by byte.</summary>
    public bool GivesAs(RequestPayload other) =>
        Dialect == other.Dialect && BeforeList.SequenceEqual(other.BeforeList) && BehindList.SequenceEqual(other.BehindList);

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
    /// What each item tells, in the order of the wire. The first <paramref name="same"/> items are of entries that stand byte by byte at the same place of another
    /// request, and are known from there: the list begins behind them.
    /// </summary>
    public List<ItemFact> ReadItems(RequestPayload? other, WireItems items, out int same)
    {
        var facts = new List<ItemFact>();
        if (List.ValueKind == JsonValueKind.String)
        {
            same = 0;
            ItemCounts.Add(1);
            facts.Add(new ItemFact(Encoding.UTF8.GetByteCount(JsonText.Read(List, out _)!), Name: null));
            return facts;
        }

        var first = FirstNotOf(other);
        ItemCounts.EnsureCapacity(first + 8);
        for (var i = 0; i < first; i++)
        {
            ItemCounts.Add(other!.ItemCounts[i]);
        }

        using var before = (other is { HasEntries: true } && IsWhole ? other.EntriesFrom(first) : []).GetEnumerator();
        var isSame = true;
        foreach (var entry in EntriesFrom(first))
        {
            if (isSame && before.MoveNext() && AreSame(before.Current, entry))
            {
                ItemCounts.Add(other!.ItemCounts[ItemCounts.Count]);
                first++;
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

        same = CountItems(first);
        return facts;
    }

    /// <summary>The first item that is not what it is in the request before; null if there is none as far as both go, or if one is not whole.</summary>
    public ItemDifference? DifferenceFrom(RequestPayload before)
    {
        if (!HasEntries || !before.HasEntries || Dialect != before.Dialect)
        {
            return null;
        }

        var entry = FirstNotOf(before);
        var index = CountItems(entry);
        using var was = before.EntriesFrom(entry).GetEnumerator();
        foreach (var now in EntriesFrom(entry))
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
        // Or each would keep all before it.
        repeated = null;
        document.Dispose();
        bytes.Dispose();
    }

    private ReadOnlySpan<byte> BeforeList => parsed.Span[..PlaceOf(List)];

    private ReadOnlySpan<byte> BehindList => parsed.Span[(PlaceOf(List) + JsonMarshal.GetRawUtf8Value(List).Length)..];

    // Where the entries end in the bytes, those that are left out too.
    private List<int> Ends
    {
        get
        {
            if (ends is not null)
            {
                return ends;
            }

            ends = new List<int>(beginning.Entries + List.GetArrayLength());
            if (repeated is not null)
            {
                ends.AddRange(CollectionsMarshal.AsSpan(repeated.Ends)[..beginning.Entries]);
            }

            var isKnown = LeftOut > 0;
            foreach (var entry in List.EnumerateArray())
            {
                if (isKnown)
                {
                    isKnown = false;
                    continue;
                }

                ends.Add(PlaceOf(entry) + JsonMarshal.GetRawUtf8Value(entry).Length + (beginning.To - beginning.From));
            }

            return ends;
        }
    }

    // How many items the first entries stand for.
    private int CountItems(int entries)
    {
        var count = 0;
        foreach (var items in CollectionsMarshal.AsSpan(ItemCounts)[..entries])
        {
            count += items;
        }

        return count;
    }

    // The first entry that the other does not have at the same place, as far as it was compared.
    private int FirstNotOf(RequestPayload? other) => other is not null && ReferenceEquals(repeated, other) ? beginning.Entries : 0;

    private IEnumerable<JsonElement> EntriesFrom(int first)
    {
        var number = 0;
        foreach (var entry in List.EnumerateArray())
        {
            if (number >= first)
            {
                yield return entry;
            }

            for (number++; number <= LeftOut; number++)
            {
                if (number >= first)
                {
                    yield return LeftOutEntry(number);
                }
            }
        }
    }

    // Seldom asked for: a history that changed where the one before it did not.
    private JsonElement LeftOutEntry(int number)
    {
        var json = bytes.Span[Ends[number - 1]..Ends[number]];
        var reader = new Utf8JsonReader(json[(json.IndexOf((byte)',') + 1)..], new JsonReaderOptions { MaxDepth = BundleReaderOptions.MaxDepth });
        return JsonElement.ParseValue(ref reader);
    }

    private int PlaceOf(JsonElement value) =>
        parsed.Span.Overlaps(JsonMarshal.GetRawUtf8Value(value), out var place) ? place : throw new InvalidOperationException("the element is of another document");

    private static bool AreSame(JsonElement first, JsonElement second) =>
        JsonMarshal.GetRawUtf8Value(first).SequenceEqual(JsonMarshal.GetRawUtf8Value(second));

    private static bool HasSame(IReadOnlyList<WireTool> tools, IReadOnlyList<GivenTool> before)
    {
        var same = tools.Count == before.Count;
        for (var i = 0; same && i < tools.Count; i++)
        {
            same = IsText(tools[i].Source, before[i].Definition);
        }

        return same;
    }

    private static bool HasSame(IReadOnlyList<WireParameter> parameters, IReadOnlyList<GivenParameter> before)
    {
        var same = parameters.Count == before.Count;
        for (var i = 0; same && i < parameters.Count; i++)
        {
            same = parameters[i].Name == before[i].Name && IsText(parameters[i].Value, before[i].Value);
        }

        return same;
    }

    // Most are plain letters, and then no text is made of them to compare.
    private static bool IsText(JsonElement value, string text) =>
        Ascii.Equals(JsonMarshal.GetRawUtf8Value(value), text) || TextOf(value) == text;

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
