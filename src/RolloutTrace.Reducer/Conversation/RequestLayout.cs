using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// Where in a request's bytes the input list and its entries lie. What equals the thread's last request byte by
/// byte is not tokenised again: equal beginnings of two JSON texts have equal tokens.
/// </summary>
internal sealed class RequestLayout
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    // Reader states in the middle of a document, at which reading can be taken up behind a value.
    private static readonly JsonReaderState BehindMember = StateBehind("{\"\":{}"u8);
    private static readonly JsonReaderState BehindEntry = StateBehind("[{}"u8);

    private string? previousResponseId;
    private Dialect? dialect;

    private RequestLayout()
    {
    }

    /// <summary>The dialect whose list it has.</summary>
    public Dialect Dialect => dialect!;

    /// <summary>Offset of the input list's opening bracket.</summary>
    public int InputStart { get; private set; }

    /// <summary>Offset behind its closing bracket.</summary>
    public int InputEnd { get; private set; }

    /// <summary>How many entries stand in the last request too, byte by byte, at the same places.</summary>
    public int RepeatedEntries { get; private set; }

    /// <summary>The entries behind those. Of each, only where it lies is known yet.</summary>
    public InputEntries NewEntries { get; } = new();

    /// <summary>The response that an incremental request continues; null for a full request.</summary>
    public string? PreviousResponseId => previousResponseId;

    /// <summary>Why the recorder put a marker in the place of the request; null if it did not.</summary>
    public string? ReplacedBecause { get; private set; }

    /// <summary>Finds the input list of a request.</summary>
    /// <exception cref="ReductionFault">The payload is not JSON, or has no input list.</exception>
    public static RequestLayout Of(ReadOnlySpan<byte> request, RepeatedInput last, string payloadId)
    {
        try
        {
            var layout = new RequestLayout();
            layout.FindInput(request, last);
            if (layout.dialect is null)
            {
                throw ReductionFault.Payload($"the request in payload {payloadId} has no list '{Dialects.Default.RequestList}'");
            }

            return layout;
        }
        catch (JsonException e)
        {
            throw ReductionFault.Payload($"payload {payloadId} is not JSON: {e.Message}", e);
        }
    }

    private void FindInput(ReadOnlySpan<byte> request, RepeatedInput last)
    {
        var repeats = last.IsKnown && request.StartsWith(last.Head) && request.Length > last.Head.Length && request[last.Head.Length] == (byte)'[';
        if (repeats)
        {
            InputStart = last.Head.Length;
            dialect = last.Dialect;
        }
        else
        {
            var head = new Utf8JsonReader(request, Options);
            if (!head.Read() || head.TokenType != JsonTokenType.StartObject || !WalkMembers(ref head, 0))
            {
                return;
            }
        }

        WalkEntries(request, last);
        while (!(last.IsKnown && request[InputEnd..].SequenceEqual(last.Tail)))
        {
            // A further member of the same name, as odd as it is, takes the place of the one before it.
            var from = InputEnd;
            var tail = new Utf8JsonReader(request[from..], isFinalBlock: true, BehindMember);
            if (!WalkMembers(ref tail, from))
            {
                return;
            }

            WalkEntries(request, last);
        }
    }

    // True when it has come to an input list; what remains stands behind it.
    private bool WalkMembers(ref Utf8JsonReader reader, int offset)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Dialects.OfRequestList(in reader) is { } known)
            {
                reader.Read();
                dialect = reader.TokenType == JsonTokenType.StartArray ? known : null;
                if (dialect is not null)
                {
                    InputStart = offset + (int)reader.TokenStartIndex;
                    return true;
                }
            }
            else if (Dialects.IsPreviousResponse(in reader))
            {
                reader.Read();
                previousResponseId = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }

            else if (reader.ValueTextEquals(RecorderMarker.Member))
            {
                reader.Read();
                ReplacedBecause = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }

            reader.Skip();
        }

        // Nothing but white space may follow the request's closing brace.
        reader.Read();
        return false;
    }

    private void WalkEntries(ReadOnlySpan<byte> request, RepeatedInput last)
    {
        var input = request[InputStart..];
        RepeatedEntries = last.IsKnown ? last.Entries.CountWithin(input.CommonPrefixLength(last.Input)) : 0;
        NewEntries.Clear();

        var from = RepeatedEntries == 0 ? 0 : last.Entries.End(RepeatedEntries - 1);
        var reader = from == 0
            ? new Utf8JsonReader(input, Options)
            : new Utf8JsonReader(input[from..], isFinalBlock: true, BehindEntry);
        if (from == 0)
        {
            reader.Read();
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = from + (int)reader.TokenStartIndex;
            reader.Skip();
            NewEntries.Add(start, from + (int)reader.BytesConsumed);
        }

        InputEnd = InputStart + from + (int)reader.BytesConsumed;
    }

    private static JsonReaderState StateBehind(ReadOnlySpan<byte> beginning)
    {
        var reader = new Utf8JsonReader(beginning, isFinalBlock: false, new JsonReaderState(Options));
        while (reader.Read())
        {
        }

        return reader.CurrentState;
    }
}
