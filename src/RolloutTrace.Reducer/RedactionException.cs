namespace RolloutTrace.Reducer;

/// <summary>A bundle cannot be redacted as asked: a pattern takes too long for a text in it. What there is of the copy is of no use.</summary>
public sealed class RedactionException : Exception
{
    /// <summary>Makes one.</summary>
    public RedactionException()
    {
    }

    /// <summary>Makes one with a message.</summary>
    public RedactionException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and what it comes from.</summary>
    public RedactionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
