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

    // An entry stands in a list, and a member in an object, which counts.
    private static readonly JsonReaderOptions MemberOptions = new() { MaxDepth = BundleReaderOptions.MaxDepth - 1 };

    // Reader states in the middle of a document, at which reading can be taken up behind a value.
    private static readonly JsonReaderState BehindMember = JsonReaders.Behind("{\"\":{}"u8, Options);
    private static readonly JsonReaderState BehindEntry = JsonReaders.Behind("[{}"u8, Options);

    // How often in a row what is expected next is compared although something else stood there.
    private const int MostInVain = 4;

    private readonly FoundEntries? found;
    private string? previousResponseId;
    private Dialect? dialect;
    private bool isWhole;

    private RequestLayout(InputEntries newEntries, FoundEntries? found)
    {
        this.found = found;
        NewEntries = newEntries;
        newEntries.Clear();
    }

    /// <summary>The dialect whose list it has; the entries say for themselves which they are in.</summary>
    public Dialect Dialect => dialect!;

    /// <summary>Whether it has a list of what the model is shown, or a text in its place; without one it is in no known dialect.</summary>
    public bool HasInput => dialect is not null;

    /// <summary>Whether it has that in a short form: as a text, or with nothing around the list. A list of messages of another API is none.</summary>
    public bool IsShortForm { get; private set; }

    /// <summary>Offset of the input list's opening bracket, or of the text.</summary>
    public int InputStart { get; private set; }

    /// <summary>Offset behind its closing bracket, or behind the text.</summary>
    public int InputEnd { get; private set; }

    /// <summary>How many entries stand in the last request too, byte by byte, at the same places.</summary>
    public int RepeatedEntries { get; private set; }

    /// <summary>The entries behind those. Of each, only where it lies is known yet.</summary>
    public InputEntries NewEntries { get; }

    /// <summary>How many entries stood elsewhere in the last request, so that each was looked for.</summary>
    public int LookedFor { get; private set; }

    /// <summary>The response that an incremental request continues; null for a full request.</summary>
    public string? PreviousResponseId => previousResponseId;

    /// <summary>Why the recorder put a marker in the place of the request; null if it did not.</summary>
    public string? ReplacedBecause { get; private set; }

    /// <summary>Finds the input list of a request. What it finds is valid until it is asked for the thread's next request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="last">The thread's last request.</param>
    /// <param name="payloadId">What the request is called in errors.</param>
    /// <param name="found">What is known already of where the entries lie; null for nothing.</param>
    /// <exception cref="ReductionFault">The payload is not JSON.</exception>
    public static RequestLayout Of(ReadOnlySpan<byte> request, RepeatedInput last, string payloadId, FoundEntries? found = null)
    {
        try
        {
            var layout = new RequestLayout(last.Fresh, found);
            layout.FindInput(request, last);
            return layout;
        }
        catch (JsonException e)
        {
            throw ReductionFault.Payload($"payload {payloadId} is not JSON: {JsonWords.Of(e)}", e);
        }
    }

    private void FindInput(ReadOnlySpan<byte> request, RepeatedInput last)
    {
        if (!FindStart(request, last))
        {
            return;
        }

        WalkInput(request, last);
        while (!(last.IsKnown && request[InputEnd..].SequenceEqual(last.Tail)))
        {
            if (isWhole)
            {
                CheckNothingFollows(request[InputEnd..]);
                return;
            }

            // A further member of the same name, as odd as it is, takes the place of the one before it.
            var from = InputEnd;
            var tail = new Utf8JsonReader(request[from..], isFinalBlock: true, BehindMember);
            if (!WalkMembers(request, ref tail, from))
            {
                return;
            }

            WalkInput(request, last);
        }
    }

    private bool FindStart(ReadOnlySpan<byte> request, RepeatedInput last)
    {
        if (last.IsKnown && request.StartsWith(last.Head) && request.Length > last.Head.Length && request[last.Head.Length] == (byte)'[')
        {
            InputStart = last.Head.Length;
            dialect = last.Dialect;
            isWhole = !last.Head.Contains((byte)'{');
        }
        else
        {
            var head = new Utf8JsonReader(request, Options);
            isWhole = head.Read() && head.TokenType == JsonTokenType.StartArray;
            InputStart = (int)head.TokenStartIndex;
            if (!isWhole)
            {
                return head.TokenType == JsonTokenType.StartObject && WalkMembers(request, ref head, 0);
            }
        }

        if (isWhole)
        {
            OfEntries(request[InputStart..]);
        }

        return true;
    }

    // A request that is a list is in the dialect of its first entry.
    private void OfEntries(ReadOnlySpan<byte> list)
    {
        var reader = new Utf8JsonReader(list, Options);
        reader.Read();
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndArray)
        {
            dialect = Dialects.Default;
        }
        else
        {
            using var first = JsonDocument.ParseValue(ref reader);
            dialect = Dialects.OfEntry(first.RootElement);
        }

        IsShortForm = dialect == Dialects.Default;
    }

    private static void CheckNothingFollows(ReadOnlySpan<byte> tail)
    {
        if (!tail.TrimStart(" \t\r\n"u8).IsEmpty)
        {
            throw new JsonException("something follows the list that is the whole document");
        }
    }

    // True when it has come to an input list; what remains stands behind it.
    private bool WalkMembers(ReadOnlySpan<byte> request, ref Utf8JsonReader reader, int offset)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // The list of the bundle's own dialect counts for more than any other's.
            if (Dialects.OfRequestList(in reader) is { } known && (dialect is null || known == Dialects.Default || dialect != Dialects.Default))
            {
                reader.Read();
                IsShortForm = reader.TokenType == JsonTokenType.String;
                dialect = IsShortForm || reader.TokenType == JsonTokenType.StartArray ? known : null;
                if (dialect is not null)
                {
                    InputStart = offset + (int)reader.TokenStartIndex;
                    InputEnd = offset + (int)reader.BytesConsumed;
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
            else if (EscapedJson.LengthOfValue(request[(offset + (int)reader.BytesConsumed)..], MemberOptions) is > 0 and var length)
            {
                // Where a value that is sound ends is known without each of its tokens.
                offset += (int)reader.BytesConsumed + length;
                reader = new Utf8JsonReader(request[offset..], isFinalBlock: true, BehindMember);
                continue;
            }

            reader.Skip();
        }

        // Nothing but white space may follow the request's closing brace.
        reader.Read();
        return false;
    }

    private void WalkInput(ReadOnlySpan<byte> request, RepeatedInput last)
    {
        if (request[InputStart] == (byte)'"')
        {
            // A text in the place of a list is its only entry.
            RepeatedEntries = 0;
            NewEntries.Clear();
            NewEntries.Add(0, InputEnd - InputStart);
        }
        else
        {
            WalkEntries(request, last);
        }
    }

    private void WalkEntries(ReadOnlySpan<byte> request, RepeatedInput last)
    {
        var input = request[InputStart..];
        RepeatedEntries = last.Known.Run(input, at: 0, first: 0);
        NewEntries.Clear();

        var at = RepeatedEntries == 0 ? 0 : last.Entries.End(RepeatedEntries - 1);
        var next = RepeatedEntries;
        while (true)
        {
            at = WalkKnown(input, last, at, ref next);
            if (TryStepOver(input, last, ref at))
            {
                next++;
                continue;
            }

            var reader = at == 0 ? new Utf8JsonReader(input, Options) : new Utf8JsonReader(input[at..], isFinalBlock: true, BehindEntry);
            if (at == 0)
            {
                reader.Read();
            }

            if (!reader.Read() || reader.TokenType == JsonTokenType.EndArray)
            {
                InputEnd = InputStart + at + (int)reader.BytesConsumed;
                return;
            }

            var start = at + (int)reader.TokenStartIndex;
            reader.Skip();
            at += (int)reader.BytesConsumed;
            NewEntries.Add(start, at, known: -1, last.Member.Key.Of(input[start..at], out var left), left);
            next++;
        }
    }

    // Where an object that is sound ends, and what it is found by, is known without each of its tokens.
    private bool TryStepOver(ReadOnlySpan<byte> input, RepeatedInput last, ref int at)
    {
        var start = FoundEntries.StartOfNext(input, at);
        var length = start >= 0 && start < input.Length && input[start] == (byte)'{' ? EscapedJson.LengthOfValue(input[start..], MemberOptions) : 0;
        if (length == 0)
        {
            return false;
        }

        at = start + length;
        NewEntries.Add(start, at, known: -1, last.Member.Key.Of(input[start..at], out var left), left);
        return true;
    }

    // Entries that stand in the last request too, in whatever place, need no reading; mostly they come in the same order.
    private int WalkKnown(ReadOnlySpan<byte> input, RepeatedInput last, int at, ref int next)
    {
        var mayRun = true;
        var inVain = 0;
        while (last.Known.Count > 0 && FoundEntries.StartOfNext(input, at) is var start and >= 0)
        {
            var count = mayRun ? last.Known.Run(input, start, next) : 0;
            if (count > 0)
            {
                NewEntries.AddRun(last.Entries, next, count, start);
                next += count;
                inVain = 0;
            }
            else if (last.Known.Find(input, start, next, NewEntries, InputStart, found) is var index and >= 0)
            {
                // Where each entry has a member of its own, nothing longer is the same; where the order is another one, nothing but what has begun.
                inVain = index == next ? 0 : inVain + 1;
                mayRun = !last.Entries.IsLoose(index) && inVain < MostInVain;
                LookedFor += index == next ? 0 : 1;
                next = index + 1;
            }
            else
            {
                return at;
            }

            at = NewEntries.End(NewEntries.Count - 1);
        }

        return at;
    }
}
