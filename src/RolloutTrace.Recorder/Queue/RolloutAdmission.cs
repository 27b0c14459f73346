namespace RolloutTrace.Recorder.Queue;

/// <summary>
/// Which rollouts are recorded while more happens than the disk can take. A few whole ones are worth more than many that break off.
/// Room is kept for those that go on, and a new one that finds none beside it begins an overload, as a loss does. From then on new
/// ones are only taken in a window: one at first, more as they come through whole or the queue stays nearly empty, half as many
/// after each loss. Once a rollout has lost something, the older half of the others is favoured.
/// </summary>
/// <remarks>Arithmetic only: times are given, in milliseconds of any monotonic clock. Not safe for concurrent use.</remarks>
internal sealed class RolloutAdmission
{
    /// <summary>How long it must be calm until an overload is over, the first time.</summary>
    public const long CalmMilliseconds = 5000;

    /// <summary>The same, after it has proved too short again and again.</summary>
    public const long MostCalmMilliseconds = 60_000;

    /// <summary>How long it must be calm until the window is twice as large.</summary>
    public const long GrowthMilliseconds = 1000;

    /// <summary>So many rollouts are followed. A program that never ends its rollouts has the oldest of them forgotten.</summary>
    public const int MostOpen = 8192;

    private const int MostWindow = 1 << 20;

    private readonly long limit;
    private readonly long quiet;
    private readonly Func<long, long> drained;
    private readonly RolloutFootprints footprints = new();
    private readonly LinkedList<RolloutPlace> open = new();
    private LinkedListNode<RolloutPlace>? lastFavoured;
    private int favoured;
    private int counted;
    private int window;
    private int wholeInWindow;
    private long calm = CalmMilliseconds;
    private long calmSince;
    private long growsAt;
    private long? endedAt;

    /// <param name="limit">The queue's bound, in bytes.</param>
    /// <param name="drained">Given the time now, how many bytes the disk will take while callers may be kept waiting.</param>
    public RolloutAdmission(long limit, Func<long, long> drained)
    {
        this.limit = limit;
        this.drained = drained;
        quiet = limit / 4;
    }

    /// <summary>Whether something was lost, or there was no room for a new rollout, and it is not over.</summary>
    public bool IsOverloaded { get; private set; }

    /// <summary>A rollout starts.</summary>
    /// <param name="used">Bytes of the bound that are in use.</param>
    /// <param name="now">The time now.</param>
    /// <returns>Its place; null if it is to be refused.</returns>
    public RolloutPlace? TryAdmit(long used, long now)
    {
        Look(used, now);
        if (!IsOverloaded && (used > quiet || IsSoonAfter(now)) && !HasRoom(used, now))
        {
            Begin(now);
        }

        if (IsOverloaded && (counted >= window || used > quiet || (counted > 0 && !HasRoom(used, now))))
        {
            return null;
        }

        var place = new RolloutPlace { IsCounted = IsOverloaded, IsFavoured = !IsOverloaded, SeenAt = now };
        place.Node = open.AddLast(place);
        counted += place.IsCounted ? 1 : 0;
        if (open.Count > MostOpen)
        {
            Remove(open.First!.Value);
        }

        FavourOne();
        return place;
    }

    /// <summary>A rollout goes on no longer: it has ended, or was stopped for another reason than a full queue.</summary>
    public void End(RolloutPlace place, bool isWhole)
    {
        var wasFavoured = place.IsFavoured;
        if (!Remove(place))
        {
            return;
        }

        if (isWhole)
        {
            footprints.Learn(place, isWhole);
        }

        if (!IsOverloaded)
        {
            return;
        }

        if (isWhole && place.IsCounted && ++wholeInWindow >= window)
        {
            Grow(window + 1);
        }

        if (wasFavoured)
        {
            FavourNext();
        }
    }

    /// <summary>A rollout has lost something because the queue was full, and goes on no longer.</summary>
    public void Lose(RolloutPlace place, long now)
    {
        var wasFavoured = place.IsFavoured;
        var carried = Math.Min(window, counted);
        if (Remove(place))
        {
            footprints.Learn(place, isWhole: false);
        }

        if (!IsOverloaded)
        {
            Begin(now);
            FavourHalf();
            return;
        }

        (calmSince, growsAt) = (now, now + GrowthMilliseconds);
        Grow(Math.Max(1, carried / 2));
        if (wasFavoured)
        {
            FavourHalf();
        }
    }

    /// <summary>Looks whether it is over.</summary>
    /// <returns>Whether it has just ended.</returns>
    public bool Look(long used, long now)
    {
        if (!IsOverloaded)
        {
            return false;
        }

        if (used > quiet)
        {
            (calmSince, growsAt) = (now, now + GrowthMilliseconds);
            return false;
        }

        for (; now >= growsAt && window < MostWindow; growsAt += GrowthMilliseconds)
        {
            Grow(window * 2);
        }

        if (now - calmSince < calm)
        {
            return false;
        }

        (IsOverloaded, endedAt) = (false, now);
        foreach (var place in open)
        {
            place.IsFavoured = true;
        }

        return true;
    }

    private void Begin(long now)
    {
        calm = IsSoonAfter(now) ? Math.Min(calm * 2, MostCalmMilliseconds) : CalmMilliseconds;
        (calmSince, growsAt) = (now, now + GrowthMilliseconds);
        IsOverloaded = true;
        Grow(1);
        (favoured, lastFavoured) = (open.Count, open.Last);
    }

    private bool IsSoonAfter(long now) => now - endedAt < MostCalmMilliseconds;

    // What waits, what those that go on will add to it, and the new one, in the queue and on the disk before anybody has to lose
    // something. Disks become slower without notice, so half of what they promise is not counted on.
    private bool HasRoom(long used, long now) =>
        used + footprints.Awaited(open, now) + footprints.Expected <= limit + (drained(now) / 2);

    private void Grow(int to) => (window, wholeInWindow) = (to, 0);

    private bool Remove(RolloutPlace place)
    {
        if (place.Node is not { } node)
        {
            return false;
        }

        if (IsOverloaded && place.IsFavoured)
        {
            favoured--;
            lastFavoured = node == lastFavoured ? node.Previous : lastFavoured;
        }

        counted -= place.IsCounted ? 1 : 0;
        open.Remove(node);
        place.Node = null;
        return true;
    }

    // The favoured ones are always the oldest that go on, and there is one as long as any goes on.
    private void FavourHalf()
    {
        for (var kept = (favoured + 1) / 2; favoured > kept; favoured--)
        {
            lastFavoured!.Value.IsFavoured = false;
            lastFavoured = lastFavoured.Previous;
        }

        FavourOne();
    }

    private void FavourOne()
    {
        if (IsOverloaded && favoured == 0)
        {
            FavourNext();
        }
    }

    private void FavourNext()
    {
        if ((lastFavoured is null ? open.First : lastFavoured.Next) is { } next)
        {
            next.Value.IsFavoured = true;
            lastFavoured = next;
            favoured++;
        }
    }
}
