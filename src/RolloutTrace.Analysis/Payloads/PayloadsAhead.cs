using System.Runtime.ExceptionServices;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Payloads;

/// <summary>
/// Payloads that are going to be asked for one after another, read on a thread of its own, a bounded way ahead, so that waiting for files, or unpacking them,
/// and working on what they say go on at the same time. For one caller.
/// </summary>
internal sealed class PayloadsAhead : IDisposable
{
    // Of fewer a thread is no help.
    private const int Enough = 16;
    private const long MostBytes = 1 << 20;

    // Who takes one may then ask for what was recorded before it, which a packed rollout's reader keeps for a while.
    private const int Most = 8;

    private readonly BundleReader bundle;
    private readonly IReadOnlyList<PayloadReference> references;
    private readonly object gate = new();
    private readonly Queue<PayloadBytes?> ready = new();
    private readonly Thread? thread;
    private ExceptionDispatchInfo? failure;
    private long bytes;
    private int taken;
    private bool abandoned;

    /// <param name="bundle">The bundle.</param>
    /// <param name="references">The payloads, in the order in which they will be taken.</param>
    public PayloadsAhead(BundleReader bundle, IReadOnlyList<PayloadReference> references)
    {
        this.bundle = bundle;
        this.references = references;
        if (references.Count >= Enough)
        {
            thread = new Thread(Run) { IsBackground = true, Name = "RolloutTrace payloads ahead" };
            thread.Start();
        }
    }

    /// <summary>The next payload, which is the caller's; null if it cannot be read.</summary>
    public PayloadBytes? Take()
    {
        var number = taken++;
        if (thread is null)
        {
            return Read(references[number]);
        }

        lock (gate)
        {
            while (ready.Count == 0 && failure is null)
            {
                Monitor.Wait(gate);
            }

            if (!ready.TryDequeue(out var next))
            {
                failure!.Throw();
            }

            bytes -= next?.Length ?? 0;
            Monitor.Pulse(gate);
            return next;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            abandoned = true;
            Monitor.Pulse(gate);
        }

        thread?.Join();
        foreach (var left in ready)
        {
            left?.Dispose();
        }
    }

    private void Run()
    {
        try
        {
            foreach (var reference in references)
            {
                if (!Put(Read(reference)))
                {
                    return;
                }
            }
        }
        catch (Exception e)
        {
            // Thrown where it would have been without this thread.
            lock (gate)
            {
                failure = ExceptionDispatchInfo.Capture(e);
                Monitor.Pulse(gate);
            }
        }
    }

    private bool Put(PayloadBytes? next)
    {
        lock (gate)
        {
            bytes += next?.Length ?? 0;
            ready.Enqueue(next);
            Monitor.Pulse(gate);
            while (!abandoned && (bytes > MostBytes || ready.Count >= Most))
            {
                Monitor.Wait(gate);
            }

            return !abandoned;
        }
    }

    private PayloadBytes? Read(PayloadReference reference)
    {
        try
        {
            return bundle.ReadPayload(reference);
        }
        catch (BundleException)
        {
            // That it cannot be read is what reduction reports.
            return null;
        }
    }
}
