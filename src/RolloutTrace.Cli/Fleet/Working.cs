using System.Runtime.InteropServices;
using RolloutTrace.Fleet;
using RolloutTrace.Lake;
using RolloutTrace.Packing;
using RolloutTrace.Stores;

namespace RolloutTrace.Cli;

/// <summary>Works at a queue, or a store, until it is done or told to end.</summary>
internal static class Working
{
    /// <summary>Works, and gives the exit code.</summary>
    public static int Run(WorkOrder order, CommandConsole console)
    {
        var shard = order.Shard is null ? Shard.All : Shard.Parse(order.Shard, console.Environment(WorkCommand.IndexVariable));
        if (shard is null)
        {
            var hasIndex = order.Shard!.Contains('/', StringComparison.Ordinal) || !string.IsNullOrEmpty(console.Environment(WorkCommand.IndexVariable));
            console.Tell(hasIndex
                ? $"--shard takes I/N with I from 0 to N-1, or N with I in {WorkCommand.IndexVariable}, not '{order.Shard}'{(console.Environment(WorkCommand.IndexVariable) is { } index ? $" ({WorkCommand.IndexVariable} is '{index}')" : "")}."
                : $"--shard {order.Shard} takes the part from {WorkCommand.IndexVariable}, which is not set; give I/N.");
            return ExitCodes.Usage;
        }

        var options = new RolloutStoreOptions { Replicas = order.Addresses.Replicas };
        if (LakePlace.TryOpen(order.Lake, console, options) is not { } lake)
        {
            return ExitCodes.Usage;
        }

        if (FleetPlaces.TryOpen(order.Addresses, options, console) is not { } store)
        {
            return ExitCodes.Usage;
        }

        using var stop = new CancellationTokenSource();
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            return RunAsync(order, shard.Value, store, lake, options, console, stop.Token).GetAwaiter().GetResult();
        }
        catch (StoreException e)
        {
            console.Tell($"error: {e.Message}");
            return ExitCodes.Failure;
        }
    }

    private static async Task<int> RunAsync(WorkOrder order, Shard shard, RolloutStore store, LakePlace place, RolloutStoreOptions options, CommandConsole console, CancellationToken stop)
    {
        await using (store.ConfigureAwait(false))
        await using (place.ConfigureAwait(false))
        {
            using var metrics = new WorkMetrics();
            using var export = WorkMetricsExport.Start(console.Environment);
            var told = new ToldWork(console, metrics);
            var lake = new RolloutLake(place.Files) { IsShared = !order.Once };
            var worker = new RolloutWorker(store, lake, console.Time);
            if (order.Addresses.Nats is not { } nats)
            {
                return await OnceAsync(order, shard, store, lake, worker, told, console, stop).ConfigureAwait(false);
            }

            var queue = await QueuedRollouts.OpenAsync(nats, options, CancellationToken.None).ConfigureAwait(false);
            await using (queue.ConfigureAwait(false))
            {
                console.Tell($"working at {queue.Servers}; Ctrl+C or SIGTERM ends it after the rollout that it has");
                await new QueueWork(queue, worker, new QueueWorkOptions { MaxDeliveries = order.MaxDeliver, Listener = told }).RunAsync(stop).ConfigureAwait(false);
                console.Tell($"ended: {told.Summary}");
                return ExitCodes.Success;
            }
        }
    }

    private static async Task<int> OnceAsync(WorkOrder order, Shard shard, RolloutStore store, RolloutLake lake, RolloutWorker worker, ToldWork told, CommandConsole console, CancellationToken stop)
    {
        if (Directory.Exists(order.Addresses.Store) && Directory.EnumerateFiles(order.Addresses.Store, "*" + PackedFormat.Extension).Count() is var others and > 0)
        {
            console.Tell($"{order.Addresses.Store}: {Wording.Of(others, "packed rollout")} with another name than DAY/NAME{PackedFormat.Extension} {(others == 1 ? "is" : "are")} not read; 'rollout-trace push' gives them theirs");
        }

        try
        {
            var outcomes = await ShardWork.RunAsync(store, shard, worker, order.Jobs, told, stop).ConfigureAwait(false);
            console.Tell($"{(stop.IsCancellationRequested ? "ended before all were done" : "done")}: {told.Summary}");
            console.WritePath(lake.Place);
            return outcomes.All(static outcome => outcome.Kind == WorkOutcomeKind.Done) ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }
    }
}
