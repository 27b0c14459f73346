namespace RolloutTrace.Stores;

/// <summary>A store or a queue could not do what was asked of it; the message says which, what and why.</summary>
public sealed class StoreException : Exception
{
    /// <summary>One without words.</summary>
    public StoreException()
    {
    }

    /// <summary>One with words.</summary>
    /// <param name="message">Which, what and why.</param>
    public StoreException(string message)
        : base(message)
    {
    }

    /// <summary>One with words and the reason.</summary>
    /// <param name="message">Which, what and why.</param>
    /// <param name="innerException">The reason.</param>
    public StoreException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What kept it from doing so.</summary>
    public StoreExceptionKind Kind { get; init; }

    internal static StoreException Missing(string url, string key) => new($"{url}: has no {key}") { Kind = StoreExceptionKind.NoObject };

    internal static StoreExceptionKind KindOf(Exception e) => e is UnauthorizedAccessException ? StoreExceptionKind.Denied : StoreExceptionKind.OutOfReach;
}
