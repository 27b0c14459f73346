namespace RolloutTrace.Cli;

/// <summary>What became of spans that were to be sent.</summary>
internal sealed class DeliveryReport
{
    private const int ShownReasons = 3;

    private readonly Dictionary<string, DeliveryReason> refusals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeliveryReason> losses = new(StringComparer.Ordinal);

    /// <summary>Spans that the receiver has heard of, also those that it refused.</summary>
    public long Sent { get; private set; }

    /// <summary>Spans that it refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Spans of which nobody knows that they arrived.</summary>
    public long Undelivered { get; private set; }

    public bool IsWhole => Refused == 0 && Undelivered == 0;

    /// <summary>Why spans were refused, the reason for the most of them first.</summary>
    public IEnumerable<DeliveryReason> Refusals => Sorted(refusals);

    /// <summary>Why spans did not arrive, likewise.</summary>
    public IEnumerable<DeliveryReason> Losses => Sorted(losses);

    /// <summary>What to try, of what went wrong; without repeats.</summary>
    public IEnumerable<string> Advice => Refusals.Concat(Losses).Select(static reason => reason.Advice).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>Notes a request that the receiver has, of which it may have refused a part.</summary>
    public void AddSent(int spans, long refused, string? words, string? advice = null)
    {
        Sent += spans;
        if (refused > 0)
        {
            Refused += refused;
            Note(refusals, words ?? "the receiver does not say why", refused, words is null ? ReceiverAdvice.SpansItHas : advice);
        }
    }

    /// <summary>Notes a request that did not arrive.</summary>
    public void AddUndelivered(int spans, string words, string? advice)
    {
        Undelivered += spans;
        Note(losses, words, spans, advice);
    }

    /// <summary>Adds what became of others.</summary>
    public void Add(DeliveryReport other)
    {
        Sent += other.Sent;
        Refused += other.Refused;
        Undelivered += other.Undelivered;
        foreach (var reason in other.refusals.Values)
        {
            Note(refusals, reason.Words, reason.Spans, reason.Advice);
        }

        foreach (var reason in other.losses.Values)
        {
            Note(losses, reason.Words, reason.Spans, reason.Advice);
        }
    }

    /// <summary>All of it on one line.</summary>
    public override string ToString()
    {
        var all = Sent + Undelivered;
        var line = Undelivered == 0 ? $"{Wording.Of(Sent, "span")} sent" : $"{Wording.Count(Sent)} of {Wording.Of(all, "span")} sent";
        if (Refused > 0)
        {
            line += $", {Wording.Count(Refused)} refused: {Listed(Refusals)}";
        }

        return Undelivered > 0 ? $"{line}{(Refused > 0 ? ";" : ",")} {Wording.Count(Undelivered)} not delivered: {Listed(Losses)}" : line;
    }

    private static string Listed(IEnumerable<DeliveryReason> reasons)
    {
        var all = reasons.ToList();
        if (all is [var only])
        {
            return only.Words;
        }

        var shown = string.Join("; ", all.Take(ShownReasons).Select(static reason => $"{reason.Words} ({Wording.Count(reason.Spans)})"));
        return all.Count > ShownReasons ? $"{shown}; and {Wording.Of(all.Count - ShownReasons, "other reason")}" : shown;
    }

    private static IEnumerable<DeliveryReason> Sorted(Dictionary<string, DeliveryReason> reasons) =>
        reasons.Values.OrderByDescending(static reason => reason.Spans).ThenBy(static reason => reason.Words, StringComparer.Ordinal);

    private static void Note(Dictionary<string, DeliveryReason> reasons, string words, long spans, string? advice) =>
        reasons[words] = new DeliveryReason(words, (reasons.TryGetValue(words, out var before) ? before.Spans : 0) + spans, advice);
}

/// <summary>Why spans did not arrive.</summary>
/// <param name="Words">In the receiver's words if it said something.</param>
/// <param name="Spans">How many.</param>
/// <param name="Advice">What to try; null if nothing comes to mind.</param>
internal sealed record DeliveryReason(string Words, long Spans, string? Advice);
