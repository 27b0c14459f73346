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

    public abstract void Dispose();

    /// <summary>The payload as it was recorded.</summary>
    internal sealed class Document(PayloadDocument content) : Payload
    {
        public override PayloadDocument Content => content;

        public override void Dispose() => content.Dispose();
    }

    /// <summary>There is no such file, or it cannot be read.</summary>
    internal sealed class Missing(string reason, Exception? error = null) : Payload
    {
        public string Reason => reason;

        public override PayloadDocument Content => throw ReductionFault.Payload(reason, error);

        public override void Dispose()
        {
        }
    }

    /// <summary>The recorder could not record it, and says why.</summary>
    internal sealed class Replaced(string reason, PayloadDocument remains) : Payload
    {
        public override PayloadDocument Content => remains;

        public override string ReplacedBecause => reason;

        public override void Dispose() => remains.Dispose();
    }

    /// <summary>It is there, and no JSON.</summary>
    internal sealed class Damaged(string reason, Exception? error = null) : Payload
    {
        public string Reason => reason;

        public override PayloadDocument Content => throw ReductionFault.Payload(reason, error);

        public override void Dispose()
        {
        }
    }
}
