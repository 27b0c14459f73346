using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// Which dialect a payload or an entry is in: a payload by its members, an entry by its own shape, since lists of one dialect hold items
/// of others. Safe for concurrent use.
/// </summary>
public static class Dialects
{
    internal static readonly ResponsesDialect Responses = new();
    internal static readonly ChatCompletionsDialect ChatCompletions = new();
    internal static readonly MessagesDialect Messages = new();
    internal static readonly GenAIPartsDialect GenAIParts = new();

    // A list that only stands in a member is taken to be of the first dialect with that member; its entries say what they are.
    private static readonly Dialect[] Known = [Responses, new ResponseObjectDialect(), ChatCompletions, Messages, new GeminiDialect(), GenAIParts];

    /// <summary>The dialect of what no other claims. It is the one in which a bundle's own lists are written, such as those of a compaction.</summary>
    public static Dialect Default => Known[0];

    /// <summary>All that are known, the default first.</summary>
    public static IReadOnlyList<Dialect> All => Known;

    /// <summary>The dialect of a request; the default if it is in none. Of a request that is a list, the dialect of its entries.</summary>
    public static Dialect OfRequest(JsonElement request) =>
        (request.ValueKind == JsonValueKind.Array ? OfFirst(request) : Find(request, static (dialect, element) => dialect.IsRequest(element))) ?? Default;

    /// <summary>The list of what a request shows to the model: a member of it, or all of it. Undefined if it has none in any dialect.</summary>
    public static JsonElement ListOf(JsonElement request) =>
        request.ValueKind == JsonValueKind.Array ? request : JsonText.Member(request, OfRequest(request).RequestList);

    /// <summary>The dialect whose requests have their list in the member on whose name the reader stands; null if none has.</summary>
    public static Dialect? OfRequestList(ref readonly Utf8JsonReader name)
    {
        foreach (var dialect in Known)
        {
            if (name.ValueTextEquals(dialect.RequestListUtf8.Span))
            {
                return dialect;
            }
        }

        return null;
    }

    /// <summary>Whether the reader stands on the name of a member with the response that a request continues.</summary>
    public static bool IsPreviousResponse(ref readonly Utf8JsonReader name)
    {
        foreach (var dialect in Known)
        {
            if (dialect.PreviousResponse is { } member && name.ValueTextEquals(member))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The dialect whose responses have the tokens that were used in the member on whose name the reader stands; null if none has.</summary>
    public static Dialect? OfUsage(ref readonly Utf8JsonReader name)
    {
        foreach (var dialect in Known)
        {
            if (name.ValueTextEquals(dialect.Usage))
            {
                return dialect;
            }
        }

        return null;
    }

    /// <summary>The dialect that knows an entry by its own shape; null if none does.</summary>
    public static Dialect? OfEntry(JsonElement entry)
    {
        // The default takes short forms, which may be another dialect's long ones.
        for (var i = 1; i < Known.Length; i++)
        {
            if (Known[i].Knows(entry))
            {
                return Known[i];
            }
        }

        return Default.Knows(entry) ? Default : null;
    }

    /// <summary>Reads a response in any dialect. One in none has a defect, and the tokens that could be found in it.</summary>
    /// <param name="response">
    /// The whole payload: a response, a list of the events of a stream, which is put together, or items alone.
    /// </param>
    /// <param name="into">Gets the items; null if they are not wanted.</param>
    public static WireResponse ReadResponse(JsonElement response, WireItems? into)
    {
        if (response.ValueKind == JsonValueKind.Array)
        {
            return ReadList(response, into);
        }

        if (Find(response, static (dialect, element) => dialect.IsResponse(element)) is { } dialect)
        {
            return dialect.ReadResponse(response, into);
        }

        if (response.ValueKind == JsonValueKind.Object && OfEntry(response) is { } known)
        {
            return ReadEntries(response, known, into);
        }

        return new WireResponse(default, default, FindUsage(response), defect: null).Inside(Default.ReadResponse(response, into));
    }

    /// <summary>
    /// The response that the events of a stream give together, valid as long as anybody holds it; undefined of anything but a list of
    /// such events.
    /// </summary>
    /// <param name="response">The whole payload.</param>
    public static JsonElement Assembled(JsonElement response) =>
        response.ValueKind == JsonValueKind.Array && response.GetArrayLength() > 0 && StreamOf(response) is { } streamed ? Assemble(response, streamed, out _) : default;

    /// <summary>Reads what a program hands over as the output of a model: items, a response, or the events of its stream.</summary>
    internal static WireResponse ReadOutput(JsonElement output, WireItems? into) => Responses.ReadOutput(output, default, into);

    /// <summary>Reads an entry: in its list's dialect if that knows it, else in one that does, else in its list's, which then says what is wrong.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="ofList">The dialect of its list.</param>
    /// <param name="into">Gets the items.</param>
    public static void Read(JsonElement entry, Dialect ofList, WireItems into)
    {
        ArgumentNullException.ThrowIfNull(ofList);
        ArgumentNullException.ThrowIfNull(into);
        if (ofList.TryRead(entry, into))
        {
            return;
        }

        (OfEntry(entry) ?? ofList).Read(entry, into);
    }

    /// <summary>Reads all entries of a list.</summary>
    /// <param name="list">A list; anything else has no entries.</param>
    /// <param name="dialect">The dialect of the list.</param>
    /// <param name="into">Gets the items.</param>
    public static void ReadList(JsonElement list, Dialect dialect, WireItems into)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var entry in list.EnumerateArray())
        {
            Read(entry, dialect, into);
        }
    }

    /// <summary>Whether a list is no list of items but something that has to be read as a whole: a stream, or the blocks of one message.</summary>
    internal static bool IsWhole(JsonElement list) => list.GetArrayLength() > 0 && !Default.Knows(list[0]) && (StreamOf(list) is not null || IsBlocks(list));

    private static Dialect? OfFirst(JsonElement list) => list.GetArrayLength() > 0 ? OfEntry(list[0]) : null;

    private static WireResponse ReadList(JsonElement list, WireItems? into)
    {
        if (list.GetArrayLength() == 0)
        {
            return new WireResponse(default, default, usage: null, NoList(isShortForm: true));
        }

        if (StreamOf(list) is { } streamed)
        {
            return ReadStream(list, streamed, into);
        }

        if (IsBlocks(list))
        {
            if (into is not null)
            {
                MessagesDialect.ReadBlocks(list, into);
            }

            return default;
        }

        var said = ReadEntries(list, OfFirst(list) ?? Default, into);
        return OfFirst(list) is null ? said.But(NoList()) : said;
    }

    private static WireResponse ReadStream(JsonElement list, Dialect dialect, WireItems? into)
    {
        var response = Assemble(list, dialect, out var isSound);
        return ReadResponse(response, into).But(isSound ? null : WireDefect.InvalidText);
    }

    private static JsonElement Assemble(JsonElement list, Dialect dialect, out bool isSound)
    {
        var assembly = dialect.Assemble();
        foreach (var streamed in list.EnumerateArray())
        {
            assembly.Add(EventOf(streamed));
        }

        isSound = assembly.IsSound;
        return assembly.Finish();
    }

    // Items with nothing around them: to who takes the long form alone, the Responses API's are no response.
    private static WireResponse ReadEntries(JsonElement entries, Dialect dialect, WireItems? into)
    {
        if (into is not null && entries.ValueKind == JsonValueKind.Array)
        {
            ReadList(entries, dialect, into);
        }
        else if (into is not null)
        {
            Read(entries, dialect, into);
        }

        return new WireResponse(
            JsonText.Member(entries, dialect.ResponseId ?? ""),
            default,
            FindUsage(entries),
            dialect == Default ? NoList(isShortForm: true) : null,
            entries);
    }

    private static Dialect? StreamOf(JsonElement list)
    {
        // An event that every stream may have, such as a ping, says nothing of the dialect.
        var looks = 4;
        foreach (var entry in list.EnumerateArray())
        {
            if (Find(EventOf(entry), static (dialect, streamed) => dialect.IsStreamed(streamed)) is { } dialect)
            {
                return dialect;
            }

            if (--looks == 0)
            {
                break;
            }
        }

        return null;
    }

    // Events are also kept as they were sent, with what they say in a member of its own.
    private static JsonElement EventOf(JsonElement entry) => JsonText.Member(entry, "data") is { ValueKind: JsonValueKind.Object } data ? data : entry;

    private static bool IsBlocks(JsonElement list)
    {
        foreach (var entry in list.EnumerateArray())
        {
            if (!MessagesDialect.IsBlock(entry))
            {
                return false;
            }
        }

        return true;
    }

    // Where a member is that has counts in any API's words, at the root or in what stands in it.
    private static TokenUsage? FindUsage(JsonElement response)
    {
        if (response.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (UsageIn(response) is { } used)
        {
            return used;
        }

        foreach (var member in response.EnumerateObject())
        {
            if (UsageIn(member.Value) is { } inner)
            {
                return inner;
            }
        }

        return null;
    }

    private static TokenUsage? UsageIn(JsonElement value)
    {
        foreach (var dialect in Known)
        {
            if (dialect.ReadUsage(JsonText.Member(value, dialect.Usage)) is { } used)
            {
                return used;
            }
        }

        return null;
    }

    private static Dialect? Find(JsonElement value, Func<Dialect, JsonElement, bool> condition)
    {
        foreach (var dialect in Known)
        {
            if (condition(dialect, value))
            {
                return dialect;
            }
        }

        return null;
    }

    private static WireDefect NoList(bool isShortForm = false) =>
        new() { Kind = WireDefectKind.MissingList, Subject = "the response", Member = Default.ResponseList, IsShortForm = isShortForm };
}
