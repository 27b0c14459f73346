using System.Runtime.ExceptionServices;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// Parses the log and reads the payloads that replay will want on a thread of its own, a bounded way ahead of
/// replay, so that waiting for files and working on what they say go on at the same time.
/// </summary>
internal sealed class ReadAhead : IDisposable
{
    private const long MaxBytesAhead = 1 << 20;
    private const int MaxEventsAhead = 1024;

    // Handing over each line by itself would wake a thread for each.
    private const int EnoughEvents = 32;
    private const long EnoughBytes = 128 << 10;

    // Requests are compared before they are parsed; of the rest, what is short is as soon parsed as handed over.
    private const int EnoughToParse = 16 << 10;

    private readonly BundleReader bundle;
    private readonly EntriesAhead entries;
    private readonly IReadObserver? observer;
    private readonly object gate = new();
    private readonly Queue<ReadLine> ready = new();

    // What replay has taken over and not come to yet; its thread's alone.
    private readonly Queue<ReadLine> taken = new();
    private readonly Thread thread;

    // Of all lines that replay is not done with, and of those that it has taken over.
    private long bytesAhead;
    private long bytesTaken;
    private bool finished;
    private bool abandoned;
    private Exception? failure;

    /// <param name="bundle">The bundle.</param>
    /// <param name="entries">Of which requests the entries are to be found ahead.</param>
    /// <param name="observer">Sees what is read, as it was read; null if nobody does.</param>
    public ReadAhead(BundleReader bundle, EntriesAhead entries, IReadObserver? observer = null)
    {
        this.bundle = bundle;
        this.entries = entries;
        this.observer = observer;
        thread = new Thread(Run) { IsBackground = true, Name = "RolloutTrace read ahead" };
        thread.Start();
    }

    /// <summary>The next line with its payload; null at the end of the log.</summary>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    public ReadLine? Take()
    {
        if (taken.Count == 0)
        {
            TakeOver();
        }

        return taken.TryDequeue(out var next) ? next : null;
    }

    public void Dispose()
    {
        lock (gate)
        {
            abandoned = true;
            Monitor.Pulse(gate);
        }

        thread.Join();
        foreach (var line in taken.Concat(ready))
        {
            line.Payload?.Dispose();
        }
    }

    private bool IsEnough => ready.Count >= EnoughEvents || bytesAhead >= EnoughBytes;

    private void TakeOver()
    {
        lock (gate)
        {
            // All that was taken over is done with.
            bytesAhead -= bytesTaken;
            bytesTaken = 0;
            Monitor.Pulse(gate);
            while (!IsEnough && !finished)
            {
                Monitor.Wait(gate);
            }

            if (ready.Count == 0 && failure is not null)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            while (ready.TryDequeue(out var line))
            {
                taken.Enqueue(line);
            }

            bytesTaken = bytesAhead;
            Monitor.Pulse(gate);
        }
    }

    private void Run()
    {
        try
        {
            foreach (var line in bundle.ReadEvents())
            {
                var payload = line.Event?.Payload.NeededPayload is { } reference ? Read(reference) : null;

                // Before anybody hides in the bytes what is in the way of reading them.
                observer?.See(line, payload is { Bytes: not null } ? payload.Reference : null, payload?.Bytes is { } read ? read.Span : default);
                Prepare(payload, line.Event?.Payload as InferenceStartedEvent);
                if (!Put(new ReadLine(line, payload)))
                {
                    payload?.Dispose();
                    return;
                }
            }
        }
        catch (Exception e)
        {
            // Handed over to the thread that replays, which throws it.
            failure = e;
        }
        finally
        {
            lock (gate)
            {
                finished = true;
                Monitor.Pulse(gate);
            }
        }
    }

    private bool Put(ReadLine line)
    {
        lock (gate)
        {
            while (!abandoned && (bytesAhead > MaxBytesAhead || ready.Count >= MaxEventsAhead))
            {
                Monitor.Wait(gate);
            }

            bytesAhead += line.Payload?.Bytes?.Length ?? 0;
            ready.Enqueue(line);
            if (IsEnough)
            {
                Monitor.Pulse(gate);
            }

            return !abandoned;
        }
    }

    private void Prepare(PrefetchedPayload? payload, InferenceStartedEvent? request)
    {
        if (payload is not { Bytes: { } bytes })
        {
            return;
        }

        if (request is not null)
        {
            payload.Entries = entries.Find(request.ThreadId, bytes.Span);
        }
        else if (bytes.Length >= EnoughToParse)
        {
            payload.TryParse();
        }
    }

    private PrefetchedPayload Read(PayloadReference reference)
    {
        try
        {
            return new PrefetchedPayload(reference, bundle.ReadPayload(reference), Error: null);
        }
        catch (BundleException e)
        {
            return new PrefetchedPayload(reference, Bytes: null, e);
        }
    }
}
