using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Reading;

/// <summary>What became of a payload that an event names. Belongs to who opened it, with all that it holds.</summary>
internal abstract class Payload : IDisposable
{
    private Payload()
    {
    }

    /// <summary>What can be read: the payload, or what remains of it.</summary>
    /// <exception cref="ReductionFault">Nothing can.</exception>
    public abstract PayloadDocument Content { get; }

    /// <summary>Why the payload was replaced by its recorder; null if it was not.</summary>
    public virtual string? ReplacedBecause => null;

    /// <summary>Why nothing of it can be read; null if something can.</summary>
    public virtual Defect? Unreadable => null;

    public abstract void Dispose();

    /// <summary>The cause of all that follows from a payload that cannot be read.</summary>
    public static string CauseOf(string payloadId) => $"payload {payloadId}";

    /// <summary>The payload as it was recorded.</summary>
    internal sealed class Document(PayloadDocument content) : Payload
    {
        public override PayloadDocument Content => content;

        public override void Dispose() => content.Dispose();
    }

    /// <summary>The recorder could not record it, and says why.</summary>
    internal sealed class Replaced(string reason, PayloadDocument remains) : Payload
    {
        public override PayloadDocument Content => remains;

        public override string ReplacedBecause => reason;

        public override void Dispose() => remains.Dispose();
    }

    /// <summary>There is no such file, or it cannot be read.</summary>
    internal sealed class Missing(string payloadId, string reason, Exception? error = null) : Payload
    {
        public override PayloadDocument Content => throw ReductionFault.Unreadable(CauseOf(payloadId), reason, error);

        public override Defect Unreadable => DefectOf(payloadId, reason, DiagnosticCodes.PayloadMissing);

        public override void Dispose()
        {
        }
    }

    /// <summary>It is there, and no JSON.</summary>
    internal sealed class Damaged(string payloadId, string reason, Exception? error = null) : Payload
    {
        public override PayloadDocument Content => throw ReductionFault.Unreadable(CauseOf(payloadId), reason, error);

        public override Defect Unreadable => DefectOf(payloadId, reason, DiagnosticCodes.UnusablePayload);

        public override void Dispose()
        {
        }
    }

    private static Defect DefectOf(string payloadId, string reason, string code) => new()
    {
        Severity = DiagnosticSeverity.Warning,
        Code = code,
        What = reason,
        Kept = "what names it is kept without it",
        Cause = CauseOf(payloadId),
    };
}
