namespace RolloutTrace.Receiver;

/// <summary>It cannot begin to receive; the message says why.</summary>
public sealed class ReceiverException : Exception
{
    /// <summary>One without words.</summary>
    public ReceiverException()
    {
    }

    /// <summary>One with words.</summary>
    /// <param name="message">Why.</param>
    public ReceiverException(string message)
        : base(message)
    {
    }

    /// <summary>One with words and the reason.</summary>
    /// <param name="message">Why.</param>
    /// <param name="innerException">The reason.</param>
    public ReceiverException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
