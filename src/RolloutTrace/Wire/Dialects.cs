using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// Which dialect a payload or an entry is in: a payload by its members, an entry by its own shape, since lists of one dialect hold items
/// of others. Safe for concurrent use.
/// </summary>
public static class Dialects
{
    private static readonly Dialect[] Known = [new ResponsesDialect()];

    /// <summary>The dialect of what no other claims. It is the one in which a bundle's own lists are written, such as those of a compaction.</summary>
    public static Dialect Default => Known[0];

    /// <summary>All that are known, the default first.</summary>
    public static IReadOnlyList<Dialect> All => Known;

    /// <summary>The dialect of a request; the default if no dialect's list is in it.</summary>
    public static Dialect OfRequest(JsonElement request)
    {
        foreach (var dialect in Known)
        {
            if (JsonText.Member(request, dialect.RequestList).ValueKind != JsonValueKind.Undefined)
            {
                return dialect;
            }
        }

        return Default;
    }

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

    /// <summary>The dialect of a response; the default if no dialect's items are in it.</summary>
    public static Dialect OfResponse(JsonElement response)
    {
        foreach (var dialect in Known)
        {
            if (JsonText.Member(response, dialect.ResponseList).ValueKind != JsonValueKind.Undefined)
            {
                return dialect;
            }
        }

        return Default;
    }

    /// <summary>Reads an entry: in its list's dialect if that knows it, else in one that does, else in its list's, which then says what is wrong.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="ofList">The dialect of its list.</param>
    /// <param name="into">Gets the items.</param>
    public static void Read(JsonElement entry, Dialect ofList, WireItems into)
    {
        ArgumentNullException.ThrowIfNull(ofList);
        ArgumentNullException.ThrowIfNull(into);
        OfEntry(entry, ofList).Read(entry, into);
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

    private static Dialect OfEntry(JsonElement entry, Dialect ofList)
    {
        if (Known.Length == 1 || ofList.Knows(entry))
        {
            return ofList;
        }

        foreach (var dialect in Known)
        {
            if (dialect != ofList && dialect.Knows(entry))
            {
                return dialect;
            }
        }

        return ofList;
    }
}
