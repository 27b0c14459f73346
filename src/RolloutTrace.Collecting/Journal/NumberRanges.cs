using RolloutTrace.Bundle;

namespace RolloutTrace.Collecting.Journal;

/// <summary>A set of numbers from 1 on that takes little room where they come in runs.</summary>
internal sealed class NumberRanges
{
    private readonly SortedSet<(long First, long Last)> ranges = [];

    /// <summary>The highest; 0 if there is none.</summary>
    public long Highest => ranges.Count == 0 ? 0 : ranges.Max.Last;

    /// <summary>How many runs there are.</summary>
    public int Runs => ranges.Count;

    public bool Contains(long number) => RangeBefore(number) is { } range && range.Last >= number;

    /// <summary>Adds a number.</summary>
    /// <returns>False if it was there.</returns>
    public bool Add(long number)
    {
        var (first, last) = (number, number);
        if (RangeBefore(number) is { } before)
        {
            if (before.Last >= number)
            {
                return false;
            }

            if (before.Last == number - 1)
            {
                ranges.Remove(before);
                first = before.First;
            }
        }

        if (number < long.MaxValue && RangeFrom(number + 1) is { } after)
        {
            ranges.Remove(after);
            last = after.Last;
        }

        ranges.Add((first, last));
        return true;
    }

    /// <summary>The runs of numbers between 1 and <see cref="Highest"/> that are not in it.</summary>
    public IEnumerable<MissingSeq> Gaps()
    {
        var next = 1L;
        foreach (var (first, last) in ranges)
        {
            if (first > next)
            {
                yield return new MissingSeq(next, first - 1);
            }

            next = last + 1;
        }
    }

    /// <summary>Whether it is 1 to <see cref="Highest"/>, or empty.</summary>
    public bool IsWithoutGaps => ranges.Count == 0 || (ranges.Count == 1 && ranges.Min.First == 1);

    private (long First, long Last)? RangeBefore(long number)
    {
        // Events come in order, nearly always.
        if (ranges.Count == 0 || ranges.Min.First > number)
        {
            return null;
        }

        return ranges.Max.First <= number ? ranges.Max : ranges.GetViewBetween(ranges.Min, (number, long.MaxValue)).Max;
    }

    private (long First, long Last)? RangeFrom(long first)
    {
        if (ranges.Count == 0 || ranges.Max.First < first)
        {
            return null;
        }

        // Counting what is in a view goes through all of it; an empty one has no least, which is 0.
        var range = ranges.GetViewBetween((first, 0), (first, long.MaxValue)).Min;
        return range.First == 0 ? null : range;
    }
}
