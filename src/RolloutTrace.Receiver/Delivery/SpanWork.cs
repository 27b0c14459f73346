using RolloutTrace.Bundle;
using RolloutTrace.Packing;
using RolloutTrace.Receiver.Spans;
using RolloutTrace.Stores;

namespace RolloutTrace.Receiver.Delivery;

/// <summary>Maps the spans of a group, packs what that gives and puts it into the store; what does not go now is tried again later.</summary>
internal sealed class SpanWork(SpanShelf shelf, RolloutDelivery delivery, string directory, Trouble trouble, TimeProvider time)
{
    private readonly LostMessages lost = new(trouble);

    /// <summary>Tells how many messages are in no rollout, if that is to be told now.</summary>
    /// <param name="isEnd">Whether nobody will be told anything any more.</param>
    public void TellLost(bool isEnd) => lost.Tell(time.GetUtcNow(), isEnd);

    public async Task RunAsync(SpanGroup group, CancellationToken stop)
    {
        var work = Path.Join(directory, Guid.NewGuid().ToString("n"));
        try
        {
            await DeliverAsync(group, work, stop).ConfigureAwait(false);
            group.Failures = 0;
            trouble.End("spans");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StoreException or BundleException)
        {
            if (!stop.IsCancellationRequested)
            {
                group.NotBefore = time.GetUtcNow() + RetryPause.After(group.Failures++);
                trouble.Begin("spans", $"the rollouts of spans: wait, and are tried again: {e.Message}");
            }
        }
        finally
        {
            BestEffort.DeleteDirectory(work);
            group.IsQueued = false;
        }
    }

    private async Task DeliverAsync(SpanGroup group, string work, CancellationToken stop)
    {
        if (shelf.TryBind(group))
        {
            return;
        }

        var (version, files) = shelf.Look(group);
        List<string> all = [.. files.Values.SelectMany(static paths => paths)];
        var messages = 0;
        if (group.Tells)
        {
            foreach (var bundle in SpanMapping.Map(all, work, out messages))
            {
                await PutAsync(group, bundle, stop).ConfigureAwait(false);
            }
        }
        else if (group.HasMessages)
        {
            messages = SpanMapping.LostIn(all);
        }

        var copies = group.Tells ? Copies(files) : null;
        if (shelf.TryEnd(group, version, copies))
        {
            lost.Add(messages, files.Keys.FirstOrDefault());
            Delete(files, copies);
        }
    }

    private async Task PutAsync(SpanGroup group, string bundle, CancellationToken stop)
    {
        var path = bundle + BundleLayout.PackedExtension;
        var reader = BundleReader.Open(bundle);
        var key = RolloutKey.Of(reader.Manifest);
        if (!group.IsReopened)
        {
            using var before = await delivery.FindAsync(key, stop).ConfigureAwait(false);
            if (before is not null && EventsOf(before.Path) is var known && known > reader.ReadEvents().LongCount())
            {
                trouble.Tell($"{key}: spans came more than a day after it was packed; it stays as it is, since it has more");
                return;
            }
        }

        BundlePacker.PackAsItIs(bundle, path, PackOptions.Default);
        await delivery.PutAsync(key, path, stop).ConfigureAwait(false);
    }

    private static long EventsOf(string path)
    {
        if (Directory.Exists(path))
        {
            return BundleReader.Open(path).ReadEvents().LongCount();
        }

        using var packed = PackedBundle.Open(path);
        return BundleReader.Open(packed).ReadEvents().LongCount();
    }

    private Dictionary<string, List<string>> Copies(IReadOnlyDictionary<string, IReadOnlyList<string>> files)
    {
        var name = files.Keys.First();
        return files.ToDictionary(
            static trace => trace.Key, trace => trace.Value.Select(path => shelf.Packed.Copy(name, trace.Key, path)).ToList(), StringComparer.Ordinal);
    }

    private static void Delete(IReadOnlyDictionary<string, IReadOnlyList<string>> files, Dictionary<string, List<string>>? copies)
    {
        foreach (var (trace, paths) in files)
        {
            foreach (var path in paths.Where(path => copies?[trace].Contains(path) != true))
            {
                BestEffort.DeleteFile(path);
            }
        }
    }
}
