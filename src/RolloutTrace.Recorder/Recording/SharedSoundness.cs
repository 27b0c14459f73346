using System.Buffers;
using System.Text.Json;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Looks whether a request is sound of which it is known how it stands to the one before: what was looked at there is not looked at again. For the reader's thread.
/// </summary>
internal static class SharedSoundness
{
    /// <summary>What is wrong with the request, as <see cref="JsonCheck"/> says it; if nothing is, the record knows which payload it begins with.</summary>
    public static PayloadProblem Find(RolloutRecord record, SharedRequest shared, out int halves)
    {
        var history = shared.History;
        var from = history.Sound.Begin(history.Seen == shared.Before ? shared.Same : 0);
        var problem = shared.HeadLength > 0 ? FindInParts(record, shared, from, out halves) : Find(history, record.Taken.Bytes.Span[from..], out halves);
        history.Seen = shared.Id;
        var isStored = problem == PayloadProblem.None && halves == 0;
        record.Earlier = isStored && history.Stored.Id == shared.Before ? history.Stored.Number : 0;
        history.Stored = isStored ? (shared.Id, record.PayloadNumber) : default;
        return problem;
    }

    // It has to be in one piece for that; what it shares with others stays as it is.
    private static PayloadProblem FindInParts(RolloutRecord record, SharedRequest shared, int from, out int halves)
    {
        var head = shared.Head[from..];
        var tail = record.Taken.Bytes.Span;
        var rented = ArrayPool<byte>.Shared.Rent(head.Length + tail.Length);
        try
        {
            var rest = rented.AsSpan(0, head.Length + tail.Length);
            head.CopyTo(rest);
            tail.CopyTo(rest[head.Length..]);
            var problem = Find(shared.History, rest, out halves);
            if (problem == PayloadProblem.None && halves > 0)
            {
                record.Payload = (byte[])[.. shared.Head[..from], .. rest];
            }

            return problem;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static PayloadProblem Find(RequestHistory history, Span<byte> rest, out int halves)
    {
        halves = 0;
        try
        {
            return history.Sound.Mend(rest, out halves) ? PayloadProblem.None : PayloadProblem.InvalidText;
        }
        catch (JsonException)
        {
            return PayloadProblem.InvalidJson;
        }
    }
}
