using RolloutTrace.Recorder.Diagnostics;
using RolloutTrace.Recorder.Queue;

namespace RolloutTrace.Recorder.Recording;

/// <summary>One recorder's <see cref="RolloutAdmission"/>: gives it the time and the queue's size, and reports. Safe for concurrent use.</summary>
internal sealed class OverloadGuard
{
    private readonly Lock gate = new();
    private readonly RolloutAdmission admission;
    private readonly ByteBudget budget;
    private readonly RecorderHealth health;
    private volatile bool isOn;

    public OverloadGuard(long limit, ByteBudget budget, RecorderHealth health)
    {
        admission = new RolloutAdmission(limit, budget.DrainedInPatience);
        this.budget = budget;
        this.health = health;
    }

    /// <summary>Whether there is an overload.</summary>
    public bool IsOn => isOn;

    /// <summary>Looks whether an overload is over, which is reported.</summary>
    public void Look()
    {
        if (!isOn)
        {
            return;
        }

        bool isOver;
        lock (gate)
        {
            isOver = admission.Look(budget.Used, Environment.TickCount64);
            isOn = admission.IsOverloaded;
        }

        if (isOver)
        {
            health.OverloadEnded();
        }
    }

    /// <summary>A rollout starts.</summary>
    /// <returns>Its place; null if it is refused, which is counted and reported.</returns>
    public RolloutPlace? TryAdmit()
    {
        var used = budget.Used;
        var now = Environment.TickCount64;
        bool isOver;
        RolloutPlace? place;
        lock (gate)
        {
            isOver = admission.Look(used, now);
            place = admission.TryAdmit(used, now);
            isOn = admission.IsOverloaded;
        }

        if (isOver)
        {
            health.OverloadEnded();
        }

        if (place is null)
        {
            health.RolloutRefused(used);
        }

        return place;
    }

    /// <summary>A rollout has ended, or was stopped.</summary>
    public void End(RolloutPlace place, StopCause cause)
    {
        lock (gate)
        {
            if (cause == StopCause.QueueFull)
            {
                admission.Lose(place, Environment.TickCount64);
                isOn = true;
            }
            else
            {
                admission.End(place, isWhole: cause == StopCause.None);
            }
        }
    }
}
