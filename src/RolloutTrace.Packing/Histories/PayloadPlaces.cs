namespace RolloutTrace.Packing;

/// <summary>Where the newest payloads stand in a frame.</summary>
internal sealed class PayloadPlaces
{
    // A thousand others may lie between two requests of one agent.
    private const int Most = 1024;

    private readonly (long Number, long Position)[] places = new (long, long)[Most];

    public void Add(long number, long position) => places[number % Most] = (number, position);

    /// <summary>The place of a payload; null if it is not known any more.</summary>
    /// <param name="number">Its number; 0 is nobody's.</param>
    public long? Find(long number) => places[number % Most] is var place && number > 0 && place.Number == number ? place.Position : null;

    /// <summary>Another frame begins.</summary>
    public void Clear() => Array.Clear(places);
}
