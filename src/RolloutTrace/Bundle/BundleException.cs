namespace RolloutTrace.Bundle;

/// <summary>Something about a bundle cannot be taken as it is. The message names the file, and line and id where there are any.</summary>
public sealed class BundleException : Exception
{
    /// <summary>Creates the exception with its message and cause.</summary>
    public BundleException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
