using System.Collections.Concurrent;
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
    private readonly PayloadPool pool;
    private readonly ByteBudget budget;
    private readonly int maxPayloadBytes;
    private readonly Func<PayloadToRedact, JsonPayload>? redact;
    private readonly ConcurrentQueue<PayloadBuffer> idleBuffers = new();

    public PayloadIntake(PayloadPool pool, ByteBudget budget, int maxPayloadBytes, Func<PayloadToRedact, JsonPayload>? redact)
    {
        this.pool = pool;
        this.budget = budget;
        this.maxPayloadBytes = maxPayloadBytes;
        this.redact = redact;
    }

    /// <summary>Takes a payload. What it takes up of the bound, <see cref="TakenPayload.Size"/>, is the caller's to admit or return.</summary>
    public TakenPayload Take(in RolloutEventContext context, PayloadKind kind, in JsonPayload payload)
    {
        if (!budget.TryTake(EventSize.Base))
        {
            return TakenPayload.Failed(PayloadProblem.NoRoom);
        }

        var taken = redact is null && payload.TryGetUtf8(out var utf8) ? Copy(utf8.Span) : Serialize(context, kind, payload);
        if (taken.Problem == PayloadProblem.NoRoom)
        {
            budget.Return(EventSize.Base);
        }

        return taken;
    }

    /// <summary>Gives back what was taken and is not recorded.</summary>
    public void Return(in TakenPayload taken)
    {
        budget.Return(taken.Size);
        if (taken.Array is not null)
        {
            pool.Return(taken.Array);
        }
    }

    private TakenPayload Copy(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > maxPayloadBytes)
        {
            return TakenPayload.Failed(PayloadProblem.TooLarge);
        }

        if (!budget.TryTake(PayloadPool.Capacity(utf8.Length)))
        {
            return TakenPayload.Failed(PayloadProblem.NoRoom);
        }

        var array = pool.Rent(utf8.Length);
        utf8.CopyTo(array);
        return TakenPayload.Of(array, utf8.Length);
    }

    private TakenPayload Serialize(in RolloutEventContext context, PayloadKind kind, in JsonPayload payload)
    {
        var buffer = RentBuffer();
        try
        {
            var (problem, exception) = Fill(buffer, payload);
            if (problem != PayloadProblem.None)
            {
                return TakenPayload.Failed(problem, exception);
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
        var invalid = JsonCheck.Find(original.Written.Span);
        if (invalid != PayloadProblem.None)
        {
            return TakenPayload.Failed(invalid);
        }

        JsonPayload result;
        try
        {
            result = redact!(new PayloadToRedact(kind, member: null, context.ThreadId, context.TurnId, original.Written));
        }
        catch (Exception e)
        {
            return TakenPayload.Failed(PayloadProblem.RedactionFailed, e, PayloadStructure.Remains(kind, original.Written));
        }

        if (result.TryGetUtf8(out var utf8) && utf8.Equals(original.Written))
        {
            return Detach(original);
        }

        return result.IsEmpty
            ? TakenPayload.Failed(PayloadProblem.Redacted, remains: PayloadStructure.Remains(kind, original.Written))
            : Replace(kind, original, result);
    }

    private TakenPayload Replace(PayloadKind kind, PayloadBuffer original, in JsonPayload replacement)
    {
        var buffer = RentBuffer();
        try
        {
            var (problem, exception) = Fill(buffer, replacement);
            if (problem == PayloadProblem.NoRoom)
            {
                return TakenPayload.Failed(problem);
            }

            var isSound = problem == PayloadProblem.None
                && JsonCheck.Find(buffer.Written.Span) == PayloadProblem.None
                && PayloadStructure.IsKept(kind, original.Written, buffer.Written);
            return isSound
                ? Detach(buffer)
                : TakenPayload.Failed(PayloadProblem.RedactionFailed, exception, PayloadStructure.Remains(kind, original.Written));
        }
        finally
        {
            ReturnBuffer(buffer);
        }
    }

    // Whatever the payload's own code throws is its problem, and stays here.
    private static (PayloadProblem Problem, Exception? Exception) Fill(PayloadBuffer buffer, in JsonPayload payload)
    {
        try
        {
            payload.WriteTo(buffer);
            return (buffer.Refusal, null);
        }
        catch (Exception) when (buffer.Refusal != PayloadProblem.None)
        {
            return (buffer.Refusal, null);
        }
        catch (EncoderFallbackException e)
        {
            return (PayloadProblem.InvalidText, e);
        }
        catch (OutOfMemoryException e)
        {
            return (PayloadProblem.TooLarge, e);
        }
        catch (Exception e)
        {
            return (PayloadProblem.NotSerializable, e);
        }
    }

    private static TakenPayload Detach(PayloadBuffer buffer)
    {
        var length = buffer.Length;
        return TakenPayload.Of(buffer.Detach(), length);
    }

    private PayloadBuffer RentBuffer() =>
        idleBuffers.TryDequeue(out var idle) ? idle : new PayloadBuffer(pool, budget, maxPayloadBytes);

    private void ReturnBuffer(PayloadBuffer buffer)
    {
        buffer.Discard();
        idleBuffers.Enqueue(buffer);
    }
}
