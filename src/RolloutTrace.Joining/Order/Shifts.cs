using RolloutTrace.Joining.Parts;
using RolloutTrace.Joining.Tree;

namespace RolloutTrace.Joining.Order;

/// <summary>
/// Finds what is added to each part's clock: the root's is right, and below it each is moved by as little as lets nothing happen before its
/// cause, or after its caller had the answer.
/// </summary>
internal static class Shifts
{
    /// <summary>Sets shifts, what has to come before and after each part, and the numbers of the parts in order of start.</summary>
    /// <param name="joined">The rollouts, each behind the one that called it.</param>
    public static IReadOnlyList<Part> Set(IReadOnlyList<RolloutGroup> joined)
    {
        foreach (var group in joined)
        {
            Part? previous = null;
            foreach (var part in group.Parts)
            {
                part.Previous = previous;
                Set(part, group == joined[0] && previous is null ? null : previous is null ? group.Spawn : group.Calls.Find(call => call.Callee == part && call.IsOfPart));
                previous = part;
            }
        }

        var parts = joined
            .SelectMany(static group => group.Parts.Select((part, index) => (Part: part, group.Depth, Index: index)))
            .OrderBy(static entry => Clock.Add(entry.Part.First, entry.Part.Shift))
            .ThenBy(static entry => entry.Depth)
            .ThenBy(static entry => entry.Index)
            .ThenBy(static entry => entry.Part.TraceId, StringComparer.Ordinal)
            .Select(static entry => entry.Part)
            .ToList();
        for (var i = 0; i < parts.Count; i++)
        {
            parts[i].Number = i + 1;
        }

        return parts;
    }

    private static void Set(Part part, PartCall? call)
    {
        var earliest = long.MinValue;
        if (call is not null && StartOf(call) is { } start)
        {
            part.StartsAfter = (call.CallerPart, start);
            earliest = TimeOf(call.CallerPart, start);
        }

        if (part.Previous is { } before)
        {
            earliest = Math.Max(earliest, Clock.Add(before.Last, before.Shift));
        }

        part.Shift = earliest > part.First ? Clock.Between(part.First, earliest) : 0;
        if (call?.Tool is not { End: >= 0 } tool || !part.HasEnded)
        {
            return;
        }

        // It ended within the tool's time if it fits there, and its text came back or its clock cannot be right.
        var (began, ended) = (TimeOf(call.CallerPart, tool.Start), TimeOf(call.CallerPart, tool.End));
        var isOutside = part.First < began || part.Last > ended;
        var latest = Clock.Between(part.Last, ended);
        if (Clock.Between(part.First, part.Last) <= Clock.Between(began, ended) && (call.Answer is not null || isOutside) && (earliest == long.MinValue || Clock.Add(part.First, latest) >= earliest))
        {
            part.EndsBefore = (call.CallerPart, tool.End);
            part.Shift = Math.Min(part.Shift, latest);
        }
    }

    // Without a tool the thread has to be there at least.
    private static int? StartOf(PartCall call) =>
        call.Tool is { } tool ? tool.Start : call.CallerPart.Threads.TryGetValue(call.CallerThreadId, out var thread) ? thread.Start : null;

    private static long TimeOf(Part part, int index) => Clock.Add(part.Events[index].Time, part.Shift);
}
