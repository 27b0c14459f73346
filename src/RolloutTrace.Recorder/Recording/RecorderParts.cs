using System.Collections.Concurrent;
using RolloutTrace.Recorder.Diagnostics;
using RolloutTrace.Recorder.Queue;

namespace RolloutTrace.Recorder.Recording;

/// <summary>What the recordings of one recorder share.</summary>
internal sealed class RecorderParts
{
    private readonly TimeProvider clock;
    private volatile bool isShutDown;

    public RecorderParts(RolloutTracingOptions options)
    {
        clock = options.TimeProvider;
        Budget = new ByteBudget(options.QueueLimitBytes, options.MaxCallerWait, () => Queue!.Pending > 0);
        Queue = new RecordQueue(Budget, options.QueueLimitBytes, Now);
        Memory = new PayloadMemory(options.QueueLimitBytes, options.Storage.RefersBack);
        Overload = new OverloadGuard(options.QueueLimitBytes, Budget, Health);
        Intake = new PayloadIntake(Memory, Budget, options.MaxPayloadBytes, options.Redact);
    }

    /// <summary>The rollouts that are recorded and that nobody ends.</summary>
    public ConcurrentDictionary<BundleRecording, Rollout> Unattended { get; } = new();

    public RecorderHealth Health { get; } = new();

    public ByteBudget Budget { get; }

    public OverloadGuard Overload { get; }

    public RecordQueue Queue { get; }

    public PayloadMemory Memory { get; }

    public PayloadIntake Intake { get; }

    /// <summary>Whether no more events are taken.</summary>
    public bool IsShutDown
    {
        get => isShutDown;
        set => isShutDown = value;
    }

    /// <summary>The wall clock, from 1970 on. One that throws is replaced by the system's for the moment.</summary>
    public DateTimeOffset Now()
    {
        try
        {
            var now = clock.GetUtcNow();
            return now < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : now;
        }
        catch (Exception e)
        {
            Health.Failed(nameof(TimeProvider), e);
            return TimeProvider.System.GetUtcNow();
        }
    }
}
