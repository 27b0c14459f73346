using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Queue;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Takes payloads from callers: copies or serialises them on the caller's thread, since they may change afterwards, and shows
/// them to the redaction hook. What is wrong with a payload, or with the hook, becomes a problem for which a marker will stand.
/// Safe for concurrent use.
/// </summary>
internal sealed class PayloadIntake
{
    private readonly PayloadMemory memory;
    private readonly ByteBudget budget;
    private readonly int maxPayloadBytes;
    private readonly Func<PayloadToRedact, JsonPayload>? redact;
    private readonly ConcurrentQueue<PayloadBuffer> idleBuffers = new();

    public PayloadIntake(PayloadMemory memory, ByteBudget budget, int maxPayloadBytes, Func<PayloadToRedact, JsonPayload>? redact)
    {
        this.memory = memory;
        this.budget = budget;
        this.maxPayloadBytes = maxPayloadBytes;
        this.redact = redact;
    }

    /// <summary>Whether what a request begins with as the one before it is not copied. For exporters that take payloads in parts.</summary>
    public bool KeepsHistories { get; set; }

    /// <summary>Takes a payload. What it takes up of the bound, <see cref="TakenPayload.Size"/>, is the caller's to admit or return.</summary>
    /// <param name="bundle">The bundle that it goes into.</param>
    /// <param name="context">Where it comes from.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="payload">The document.</param>
    /// <param name="isFavoured">Whether it may use the bound to the last byte.</param>
    public TakenPayload Take(RolloutBundle bundle, in RolloutEventContext context, PayloadKind kind, in JsonPayload payload, bool isFavoured)
    {
        if (payload.TryGetUtf8(out var utf8) && redact is null && utf8.Length <= maxPayloadBytes)
        {
            return KeepsHistories && RequestHistories.Has(kind, utf8.Length) ? CopyNew(bundle, context.ThreadId, utf8.Span, isFavoured) : Copy(utf8.Span, isFavoured);
        }

        if (!budget.TryTake(EventSize.Base, isFavoured))
        {
            return TakenPayload.NoRoom;
        }

        var taken = utf8.Length > maxPayloadBytes
            ? TakenPayload.Failed(new PayloadFailure(PayloadProblem.TooLarge, string.Create(CultureInfo.InvariantCulture, $"{utf8.Length} bytes")))
            : Serialize(context, kind, payload, isFavoured);
        if (taken.HasNoRoom)
        {
            budget.Return(EventSize.Base);
        }

        return taken;
    }

    /// <summary>Gives back what was taken and is not recorded.</summary>
    public void Return(in TakenPayload taken)
    {
        budget.Return(taken.Size);
        memory.Return(taken);
    }

    private TakenPayload Copy(ReadOnlySpan<byte> utf8, bool isFavoured) =>
        budget.TryTake(EventSize.Base + PayloadPool.Capacity(utf8.Length), isFavoured) ? memory.Copy(utf8) : TakenPayload.NoRoom;

    // What the thread's last request began with as well is there already.
    private TakenPayload CopyNew(RolloutBundle bundle, string? threadId, ReadOnlySpan<byte> utf8, bool isFavoured)
    {
        if (!budget.TryTake(EventSize.Base + PayloadPool.Capacity(utf8.Length), isFavoured))
        {
            return TakenPayload.NoRoom;
        }

        if (memory.Histories.Use(bundle, threadId, utf8.Length, Environment.TickCount64)?.Take(utf8) is not { } shared)
        {
            return memory.Copy(utf8);
        }

        memory.Histories.Used(bundle, threadId);
        return memory.Copy(utf8[shared.HeadLength..]).After(shared);
    }

    private TakenPayload Serialize(in RolloutEventContext context, PayloadKind kind, in JsonPayload payload, bool isFavoured)
    {
        var buffer = RentBuffer(isFavoured);
        try
        {
            if (Fill(buffer, payload) is { } failure)
            {
                return TakenPayload.Failed(failure);
            }

            return redact is null ? Detach(buffer) : Redact(context, kind, buffer);
        }
        finally
        {
            ReturnBuffer(buffer);
        }
    }

    private TakenPayload Redact(in RolloutEventContext context, PayloadKind kind, PayloadBuffer original)
    {
        // The hook is promised a valid document.
        if (JsonCheck.Find(MemoryMarshal.AsMemory(original.Written).Span, out var halves) is var invalid and not PayloadProblem.None)
        {
            return TakenPayload.Failed(new PayloadFailure(invalid));
        }

        JsonPayload result;
        bool isEmpty;
        try
        {
            result = redact!(new PayloadToRedact(kind, member: null, context.ThreadId, context.TurnId, original.Written));

            // Of an element whose document was disposed of, not even that can be asked.
            isEmpty = result.IsEmpty;
        }
        catch (Exception e)
        {
            return Without(kind, original, PayloadProblem.RedactionFailed, e.GetType().FullName);
        }

        if (result.TryGetUtf8(out var utf8) && utf8.Equals(original.Written))
        {
            return Detach(original, halves);
        }

        return isEmpty ? Without(kind, original, PayloadProblem.Redacted) : Replace(kind, original, result, halves);
    }

    private TakenPayload Replace(PayloadKind kind, PayloadBuffer original, in JsonPayload replacement, int halves)
    {
        var buffer = RentBuffer(original.IsFavoured);
        try
        {
            var failure = Fill(buffer, replacement);
            if (failure is { Problem: PayloadProblem.NoRoom })
            {
                return TakenPayload.NoRoom;
            }

            var more = 0;
            var isSound = failure is null
                && JsonCheck.Find(MemoryMarshal.AsMemory(buffer.Written).Span, out more) == PayloadProblem.None
                && PayloadStructure.IsKept(kind, original.Written, buffer.Written);
            return isSound ? Detach(buffer, halves + more) : Without(kind, original, PayloadProblem.RedactionFailed, failure?.Detail);
        }
        finally
        {
            ReturnBuffer(buffer);
        }
    }

    private static TakenPayload Without(PayloadKind kind, PayloadBuffer original, PayloadProblem problem, string? exceptionType = null) =>
        TakenPayload.Failed(new PayloadFailure(problem, exceptionType, PayloadStructure.Remains(kind, original.Written)));

    // Whatever the payload's own code throws is its problem, and stays here.
    private static PayloadFailure? Fill(PayloadBuffer buffer, in JsonPayload payload)
    {
        try
        {
            payload.WriteTo(buffer);
            return buffer.Refusal == PayloadProblem.None ? null : Refused(buffer);
        }
        catch (Exception) when (buffer.Refusal != PayloadProblem.None)
        {
            return Refused(buffer);
        }
        catch (EncoderFallbackException e)
        {
            return new PayloadFailure(PayloadProblem.InvalidText, e.GetType().FullName);
        }
        catch (OutOfMemoryException e)
        {
            return new PayloadFailure(PayloadProblem.TooLarge, e.GetType().FullName);
        }
        catch (Exception e)
        {
            return new PayloadFailure(PayloadProblem.NotSerializable, e.GetType().FullName);
        }
    }

    private static PayloadFailure Refused(PayloadBuffer buffer) => new(buffer.Refusal, buffer.Refusal == PayloadProblem.TooLarge ? buffer.KnownSize : null);

    private static TakenPayload Detach(PayloadBuffer buffer, int halves = 0)
    {
        var length = buffer.Length;
        return TakenPayload.Of(buffer.Detach(), length, halves);
    }

    private PayloadBuffer RentBuffer(bool isFavoured)
    {
        var buffer = idleBuffers.TryDequeue(out var idle) ? idle : new PayloadBuffer(memory.Arrays, budget, maxPayloadBytes);
        buffer.IsFavoured = isFavoured;
        return buffer;
    }

    private void ReturnBuffer(PayloadBuffer buffer)
    {
        buffer.Discard();
        idleBuffers.Enqueue(buffer);
    }
}
