using System.Globalization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis;

/// <summary>Says what a recorder lost.</summary>
internal static class LossText
{
    /// <summary>The cause and the number, such as <c>disk full, 12 events lost</c>.</summary>
    public static string Of(BundleLoss lost) =>
        $"{lost.Cause.Replace('_', ' ')}, {lost.Events.ToString("#,0", CultureInfo.InvariantCulture)} {(lost.Events == 1 ? "event" : "events")} lost";
}
