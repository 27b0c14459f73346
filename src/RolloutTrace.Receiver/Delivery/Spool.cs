using RolloutTrace.Bundle;
using RolloutTrace.Receiver.Protocol;
using RolloutTrace.Receiver.Rollouts;
using RolloutTrace.Receiver.Spans;

namespace RolloutTrace.Receiver.Delivery;

/// <summary>All that is open, in a directory that one process at a time has, and the work that packs it.</summary>
internal sealed class Spool : IExportSink, IAsyncDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenCleanings = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(20);

    private readonly FileStream held;
    private readonly RolloutReceiverOptions options;
    private readonly Trouble trouble;
    private readonly OpenLimit limit;
    private readonly RolloutShelf rollouts;
    private readonly SpanShelf spans;
    private readonly BundleWork bundleWork;
    private readonly SpanWork spanWork;
    private readonly WorkQueue queue;
    private readonly CancellationTokenSource stop = new();
    private volatile bool isReady;
    private Task sweeping = Task.CompletedTask;

    private Spool(FileStream held, RolloutReceiverOptions options, RolloutDelivery delivery, Trouble trouble)
    {
        (this.held, this.options, this.trouble) = (held, options, trouble);
        limit = new OpenLimit(options.MaxOpen);
        rollouts = new RolloutShelf(options.Spool, limit, delivery, options.Time, stop.Token);
        spans = new SpanShelf(options.Spool, limit, options.Time);
        var packing = Path.Join(options.Spool, "packing");
        BestEffort.DeleteDirectory(packing);
        PrivateFile.CreateDirectory(packing);
        bundleWork = new BundleWork(rollouts, delivery, packing, trouble, options.Time);
        spanWork = new SpanWork(spans, delivery, packing, trouble, options.Time);
        queue = new WorkQueue(Environment.ProcessorCount, trouble);
    }

    public bool IsReady => isReady;

    /// <summary>Opens the directory.</summary>
    /// <exception cref="ReceiverException">Another process has it, or it cannot be opened.</exception>
    public static Spool Open(RolloutReceiverOptions options, RolloutDelivery delivery, Trouble trouble)
    {
        FileSizeSignal.Handle();
        FileStream? held = null;
        try
        {
            PrivateFile.CreateDirectory(options.Spool);
            held = new FileStream(Path.Join(options.Spool, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new Spool(held, options, delivery, trouble);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw new ReceiverException(FileLock.IsHeldElsewhere(e) ? $"{options.Spool}: another process receives into it" : $"{options.Spool}: cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Goes on with what an earlier process has left, and begins to take.</summary>
    public void Start()
    {
        rollouts.Reopen(trouble);
        spans.Reopen();
        queue.Start(stop.Token);
        sweeping = Task.Run(() => SweepAsync(stop.Token), CancellationToken.None);
        isReady = true;
    }

    /// <summary>Takes no more.</summary>
    public void Close() => isReady = false;

    /// <inheritdoc/>
    public ExportAnswer Take(ExportSignal signal, ReadOnlyMemory<byte> message, bool isJson)
    {
        var answer = signal == ExportSignal.Logs ? TakeLogs(message, isJson) : spans.Take(message, isJson);
        if (answer.Fate == ExportFate.Unwritable)
        {
            trouble.Begin("spool", $"{options.Spool}: cannot be written, and senders are told to come again: {answer.Message}");
        }
        else
        {
            trouble.End("spool");
        }

        if (answer.Fate == ExportFate.Busy)
        {
            trouble.Begin("full", $"{options.MaxOpen} rollouts are open, and senders of others are told to come again");
        }

        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        isReady = false;
        await stop.CancelAsync().ConfigureAwait(false);
        await queue.EndAsync(Farewell).ConfigureAwait(false);
        await sweeping.ConfigureAwait(false);
        spanWork.TellLost(isEnd: true);
        rollouts.Dispose();
        stop.Dispose();
        await held.DisposeAsync().ConfigureAwait(false);
    }

    // What is told by records twice is kept once, so that a request of which half was taken may come again.
    private ExportAnswer TakeLogs(ReadOnlyMemory<byte> message, bool isJson)
    {
        var records = rollouts.Take(message, isJson, out var hasOthers);
        if (!hasOthers || records.Fate != ExportFate.Taken)
        {
            return records;
        }

        var messages = spans.TakeLogs(message, isJson);
        return messages.Fate == ExportFate.Taken && messages.Rejected == 0 ? records
            : messages.Fate != ExportFate.Taken || records.Rejected == 0 ? messages
            : new ExportAnswer(ExportFate.Taken, $"{records.Message}; {messages.Message}", records.Rejected + messages.Rejected);
    }

    private void Clean(DateTimeOffset now)
    {
        try
        {
            rollouts.ForgetResting(now);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            trouble.Begin("cleaning", $"{options.Spool}: what is old cannot be deleted: {e.Message}");
        }
    }

    // What is due is found by looking: whatever happens to one that is on its way, it is found again.
    private async Task SweepAsync(CancellationToken ends)
    {
        var cleaned = options.Time.GetUtcNow();
        var pause = TimeSpan.FromTicks(Math.Clamp(options.Idle.Ticks / 4, ShortestPause.Ticks, LongestPause.Ticks));
        while (!ends.IsCancellationRequested)
        {
            var now = options.Time.GetUtcNow();
            foreach (var bundle in rollouts.All.Where(bundle => !bundle.IsQueued && bundle.IsDue(now, options.Idle)))
            {
                bundle.IsQueued = true;
                queue.Add(stop => bundleWork.RunAsync(bundle, stop));
            }

            foreach (var group in spans.TakeDue(now, options.Idle))
            {
                queue.Add(stop => spanWork.RunAsync(group, stop));
            }

            spanWork.TellLost(isEnd: false);
            if (now - cleaned > BetweenCleanings)
            {
                cleaned = now;
                Clean(now);
            }

            if (limit.Count < options.MaxOpen)
            {
                trouble.End("full");
            }

            await Task.Delay(pause, ends).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
