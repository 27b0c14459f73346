namespace RolloutTrace.Analysis.Comparing;

/// <summary>
/// The longest common subsequence of two sequences, by Myers' algorithm: what is alike costs its length, what is not the square of the
/// number of differences, which is bounded.
/// </summary>
internal static class Alignment
{
    // So many places that differ take some 16 MB and a tenth of a second.
    private const int MostEdits = 2000;

    /// <summary>For each element of the first sequence, its place in the second; -1 for one that has none there. Places only grow.</summary>
    /// <param name="a">The first sequence.</param>
    /// <param name="b">The second sequence.</param>
    /// <param name="gaveUp">Whether the two differ in too many places; then only their common beginning and end are aligned.</param>
    public static int[] Of(ReadOnlySpan<int> a, ReadOnlySpan<int> b, out bool gaveUp)
    {
        var places = new int[a.Length];
        var beginning = a.CommonPrefixLength(b);
        var end = 0;
        while (end < Math.Min(a.Length, b.Length) - beginning && a[^(end + 1)] == b[^(end + 1)])
        {
            end++;
        }

        for (var i = 0; i < a.Length; i++)
        {
            places[i] = i < beginning ? i : i >= a.Length - end ? i + b.Length - a.Length : -1;
        }

        gaveUp = !Middle(a[beginning..^end], b[beginning..^end], places.AsSpan(beginning), beginning);
        return places;
    }

    private static bool Middle(ReadOnlySpan<int> a, ReadOnlySpan<int> b, Span<int> places, int offset)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            return true;
        }

        // Furthest reaching paths on each diagonal, kept for each number of edits to walk back on.
        var most = Math.Min(a.Length + b.Length, MostEdits);
        var furthest = new int[(2 * most) + 3];
        var trace = new List<int[]>();
        for (var edits = 0; edits <= most; edits++)
        {
            for (var diagonal = -edits; diagonal <= edits; diagonal += 2)
            {
                var at = most + 1 + diagonal;
                var x = diagonal == -edits || (diagonal != edits && furthest[at - 1] < furthest[at + 1]) ? furthest[at + 1] : furthest[at - 1] + 1;
                while (x < a.Length && x - diagonal < b.Length && a[x] == b[x - diagonal])
                {
                    x++;
                }

                furthest[at] = x;
                if (x >= a.Length && x - diagonal >= b.Length)
                {
                    WalkBack(a.Length, b.Length, trace, most, places, offset);
                    return true;
                }
            }

            trace.Add(furthest[(most + 1 - edits)..(most + 2 + edits)]);
        }

        return false;
    }

    private static void WalkBack(int x, int y, List<int[]> trace, int most, Span<int> places, int offset)
    {
        for (var edits = trace.Count; edits > 0; edits--)
        {
            // Of the step before: its diagonals from -(edits - 1) to edits - 1.
            var before = trace[edits - 1];
            var diagonal = x - y;
            int At(int d) => Math.Abs(d) < edits ? before[d + edits - 1] : int.MinValue;
            var isDown = diagonal == -edits || (diagonal != edits && At(diagonal - 1) < At(diagonal + 1));
            var from = isDown ? diagonal + 1 : diagonal - 1;
            var (startX, startY) = (At(from), At(from) - from);
            while (x > startX && y > startY)
            {
                x--;
                y--;
                places[x] = y + offset;
            }

            (x, y) = (startX, startY);
        }

        while (x > 0 && y > 0)
        {
            x--;
            y--;
            places[x] = y + offset;
        }
    }
}
