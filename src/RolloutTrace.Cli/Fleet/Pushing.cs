using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;
using RolloutTrace.Stores;

namespace RolloutTrace.Cli;

/// <summary>Puts bundles into a store, and announces them.</summary>
internal sealed class Pushing
{
    private readonly CommandConsole console;
    private readonly RolloutStore store;
    private readonly QueuedRollouts? queue;

    private Pushing(CommandConsole console, RolloutStore store, QueuedRollouts? queue)
    {
        this.console = console;
        this.store = store;
        this.queue = queue;
    }

    /// <summary>Pushes what paths mean, tells what became of each, and gives the exit code.</summary>
    public static int Run(FleetAddresses addresses, CommandConsole console, IReadOnlyList<string> paths, Action<BundleAnswer<PushAnswer>> tell) =>
        RunAsync(addresses, console, paths, tell).GetAwaiter().GetResult();

    private static async Task<int> RunAsync(FleetAddresses addresses, CommandConsole console, IReadOnlyList<string> paths, Action<BundleAnswer<PushAnswer>> tell)
    {
        var options = new RolloutStoreOptions { Replicas = addresses.Replicas };
        if (FleetPlaces.TryOpen(addresses, options, console) is not { } store)
        {
            return ExitCodes.Usage;
        }

        await using (store.ConfigureAwait(false))
        {
            QueuedRollouts? queue = null;
            try
            {
                // Before anything is put: who cannot be told cannot be reached either way.
                queue = addresses.Nats is null ? null : await QueuedRollouts.OpenAsync(addresses.Nats, options).ConfigureAwait(false);
                var pushing = new Pushing(console, store, queue);
                var isAll = true;
                foreach (var bundle in console.FindBundles(paths))
                {
                    var answer = await pushing.PushAsync(bundle).ConfigureAwait(false);
                    isAll &= answer.Error is null;
                    tell(answer);
                }

                return isAll ? ExitCodes.Success : ExitCodes.Failure;
            }
            catch (StoreException e)
            {
                console.Tell($"error: {e.Message}");
                return ExitCodes.Failure;
            }
            finally
            {
                if (queue is not null)
                {
                    await queue.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }

    private async Task<BundleAnswer<PushAnswer>> PushAsync(FoundBundle bundle)
    {
        string? temporary = null;
        try
        {
            if (bundle.Problem is not null)
            {
                return new() { Bundle = bundle.Path, Error = bundle.Problem };
            }

            switch (bundle.Kind)
            {
                case FoundBundleKind.Archive:
                    return new() { Bundle = bundle.Path, Error = $"{bundle.Path}: is an archive; unpack it first" };
                case FoundBundleKind.Store:
                    using (var fetched = console.Stores.Fetch(bundle.Path))
                    {
                        return await PushAsync(bundle.Path, fetched.Path).ConfigureAwait(false);
                    }

                case FoundBundleKind.Packed:
                    return await PushAsync(bundle.Path, bundle.Path).ConfigureAwait(false);
                default:
                    temporary = Directory.CreateTempSubdirectory("rollout-trace-push-").FullName;
                    var packed = Path.Join(temporary, Path.GetFileName(BundlePacker.PlaceBeside(bundle.Path)));
                    BundlePacker.Pack(bundle.Path, packed, new PackOptions { Time = console.Time, Summarise = OverviewCache.ToBytes });
                    return await PushAsync(bundle.Path, packed).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is BundleException or StoreException)
        {
            return new() { Bundle = bundle.Path, Error = e.Message };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new() { Bundle = bundle.Path, Error = $"{bundle.Path}: cannot be pushed: {SystemWords.Of(e)}" };
        }
        finally
        {
            if (temporary is not null)
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private async Task<BundleAnswer<PushAnswer>> PushAsync(string bundle, string packed)
    {
        string key;
        using (var opened = PackedBundle.Open(packed))
        {
            key = RolloutKey.Of(BundleReader.Open(opened).Manifest);
        }

        var message = await RolloutMessage.OfAsync(key, packed).ConfigureAwait(false);
        var isNew = await store.PutAsync(key, packed).ConfigureAwait(false);
        if (queue is not null)
        {
            await queue.AnnounceAsync(message).ConfigureAwait(false);
        }

        var result = new PushAnswer
        {
            Key = key,
            Address = $"{store.Url.TrimEnd('/')}/{key}",
            Sha256 = message.Sha256,
            Bytes = message.Bytes,
            WasThere = !isNew,
            Announced = queue is not null,
        };
        return new() { Bundle = bundle, Result = result };
    }
}
