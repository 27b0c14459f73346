namespace RolloutTrace.Receiver.Delivery;

/// <summary>
/// Tells people what is wrong: the same once, until it has been well again, so that a store that is away for an hour is no line a second. Safe for concurrent use.
/// </summary>
internal sealed class Trouble(Action<string> tell)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, string> told = new(StringComparer.Ordinal);

    /// <summary>Something is to be known, each time.</summary>
    public void Tell(string message)
    {
        lock (gate)
        {
            tell(message);
        }
    }

    /// <summary>Something does not go.</summary>
    /// <param name="what">What, as a word of the program's.</param>
    /// <param name="message">What is told.</param>
    public void Begin(string what, string message)
    {
        lock (gate)
        {
            if (told.TryAdd(what, message))
            {
                tell(message);
            }
        }
    }

    /// <summary>It goes again.</summary>
    public void End(string what)
    {
        lock (gate)
        {
            if (told.Remove(what, out var message))
            {
                tell($"well again: {message}");
            }
        }
    }
}
