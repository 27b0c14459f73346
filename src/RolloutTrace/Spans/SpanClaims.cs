using System.Diagnostics;

namespace RolloutTrace.Spans;

/// <summary>
/// Those who wait for spans of other libraries that stand for boundaries of a rollout. A recorder offers them each span that starts.
/// Safe for concurrent use.
/// </summary>
internal static class SpanClaims
{
    private static readonly Lock Adding = new();
    private static volatile Action<Activity>[] claimants = [];

    /// <summary>Has a claimant see each span of another library at its start; it makes a handle adopt the span, or leaves it.</summary>
    public static void Add(Action<Activity> claimant)
    {
        lock (Adding)
        {
            claimants = [.. claimants, claimant];
        }
    }

    public static void Offer(Activity activity)
    {
        foreach (var claimant in claimants)
        {
            claimant(activity);
        }
    }
}
