using System.Globalization;

namespace RolloutTrace.Receiver.Rollouts;

/// <summary>What of a request cannot be taken, now or later, in words that its sender gets. Not safe for concurrent use.</summary>
internal sealed class Rejections
{
    private const int Shown = 8;
    private const int LongestReason = 300;

    private readonly List<string> reasons = [];

    public long Count { get; private set; }

    public void Add(string reason, long count = 1)
    {
        Count += count;
        reason = reason.Length > LongestReason ? reason[..LongestReason] + "..." : reason;
        if (reasons.Count < Shown && !reasons.Contains(reason, StringComparer.Ordinal))
        {
            reasons.Add(reason);
        }
    }

    /// <summary>All in one text; empty if there are none.</summary>
    public override string ToString() => Count == 0 ? "" : $"{Count.ToString(CultureInfo.InvariantCulture)} rejected: {string.Join("; ", reasons)}";
}
