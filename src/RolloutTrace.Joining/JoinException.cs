namespace RolloutTrace.Joining;

/// <summary>Bundles that cannot be one: the message says why, and what was found.</summary>
public sealed class JoinException : Exception
{
    /// <summary>An exception without a message of its own.</summary>
    public JoinException()
    {
    }

    /// <summary>An exception.</summary>
    /// <param name="message">Why, and what was found.</param>
    public JoinException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with its cause.</summary>
    /// <param name="message">Why, and what was found.</param>
    /// <param name="innerException">The cause.</param>
    public JoinException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
