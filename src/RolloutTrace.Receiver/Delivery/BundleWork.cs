using RolloutTrace.Bundle;
using RolloutTrace.Receiver.Rollouts;
using RolloutTrace.Stores;

namespace RolloutTrace.Receiver.Delivery;

/// <summary>Packs one rollout of records and puts it into the store; what does not go now is tried again later.</summary>
internal sealed class BundleWork(RolloutShelf shelf, RolloutDelivery delivery, string directory, Trouble trouble, TimeProvider time)
{
    public async Task RunAsync(OpenBundle bundle, CancellationToken stop)
    {
        var path = Path.Join(directory, bundle.Bundle + BundleLayout.PackedExtension);
        try
        {
            await DeliverAsync(bundle, path, stop).ConfigureAwait(false);
            bundle.Failures = 0;
            trouble.End("rollouts");
            trouble.End(bundle.Bundle);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StoreException or BundleException or ObjectDisposedException)
        {
            if (!stop.IsCancellationRequested)
            {
                bundle.NotBefore = time.GetUtcNow() + RetryPause.After(bundle.Failures++);
                trouble.Begin(e is BundleException ? bundle.Bundle : "rollouts", $"{bundle.Bundle}: waits, and is tried again: {e.Message}");
            }
        }
        finally
        {
            BestEffort.DeleteFile(path);
            bundle.IsQueued = false;
        }
    }

    private async Task DeliverAsync(OpenBundle bundle, string path, CancellationToken stop)
    {
        var state = bundle.State;
        if (bundle.Key is null)
        {
            if (bundle.TryEnd(state))
            {
                trouble.Tell($"{bundle.Bundle}: ended without an event or a whole payload; nothing of it was kept");
                shelf.Forget(bundle);
            }

            return;
        }

        if (!bundle.IsChanged)
        {
            // All that came had come before.
            if (bundle.TryEnd(state, rests: bundle.HasHole))
            {
                shelf.Forget(bundle);
            }

            return;
        }

        string wanted;
        (string Key, long State, BundleHole? Hole) packed;
        do
        {
            wanted = bundle.Key!;
            if (!bundle.IsSeeded)
            {
                // Another collector may have had a part of it, or this one, before it lost its spool.
                using var before = await delivery.FindAsync(wanted, stop).ConfigureAwait(false);
                if (before is not null)
                {
                    bundle.SeedFrom(before);
                }
            }

            packed = bundle.Pack(path);
        }
        while (packed.Key != wanted);

        await delivery.PutAsync(packed.Key, path, stop).ConfigureAwait(false);
        shelf.Remember(bundle.Bundle, packed.Key);
        if (packed.Hole is { } hole)
        {
            trouble.Tell($"{packed.Key}: {hole}");
        }

        if (bundle.TryEnd(packed.State, rests: packed.Hole is not null))
        {
            shelf.Forget(bundle);
        }
    }
}
