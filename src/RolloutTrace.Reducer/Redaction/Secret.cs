namespace RolloutTrace.Reducer.Redaction;

/// <summary>A secret that was found, and where it has been replaced.</summary>
/// <param name="rule">By what it was found first.</param>
/// <param name="mark">What stands for it.</param>
internal sealed class Secret(string rule, string mark)
{
    private readonly List<RedactedPlace> places = [];
    private RedactedPlace? last;
    private long count;
    private long placeCount;

    public string Mark => mark;

    /// <summary>Whether it may be the beginning of another one: wherever it was found, the text ended.</summary>
    public bool MayBeCut { get; set; } = true;

    /// <summary>Notes that it was replaced once. The places of one member come together.</summary>
    public void Note(RedactedPlace place)
    {
        count++;
        if (place != last)
        {
            last = place;
            placeCount++;
            if (places.Count < RedactedSecret.MaxPlaces)
            {
                places.Add(place);
            }
        }
    }

    /// <summary>Its report; null if it was replaced nowhere, because a longer one stood around it.</summary>
    public RedactedSecret? ToReport() =>
        count == 0 ? null : new RedactedSecret { Mark = mark, Rule = rule, Count = count, PlaceCount = placeCount, Places = places };
}
