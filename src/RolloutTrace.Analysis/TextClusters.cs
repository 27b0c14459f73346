using System.Globalization;

namespace RolloutTrace.Analysis;

/// <summary>Where text can be cut without cutting what a reader takes for one character.</summary>
internal static class TextClusters
{
    // Nobody's writing goes on for so long without a boundary that can be told by itself.
    private const int LongestWalk = 256;

    /// <summary>The last place to cut that is not behind an index.</summary>
    public static int PlaceAtOrBefore(ReadOnlySpan<char> text, int index)
    {
        var place = KnownPlaceBefore(text, index);
        while (place < index)
        {
            var next = place + StringInfo.GetNextTextElementLength(text[place..]);
            if (next > index)
            {
                break;
            }

            place = next;
        }

        return place;
    }

    /// <summary>The first place to cut that is not before an index.</summary>
    public static int PlaceAtOrAfter(ReadOnlySpan<char> text, int index)
    {
        var place = PlaceAtOrBefore(text, index);
        return place < index ? place + StringInfo.GetNextTextElementLength(text[place..]) : place;
    }

    // Text is not walked through from its start: it can be a line of megabytes. An ASCII character begins a cluster.
    private static int KnownPlaceBefore(ReadOnlySpan<char> text, int index)
    {
        var farthest = Math.Max(0, index - LongestWalk);
        var ascii = text[farthest..index].LastIndexOfAnyInRange(' ', '~');
        return ascii < 0 ? farthest : farthest + ascii;
    }
}
