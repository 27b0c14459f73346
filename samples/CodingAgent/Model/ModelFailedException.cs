namespace CodingAgent.Model;

/// <summary>The model's answer came to no good end.</summary>
internal sealed class ModelFailedException(string message, bool isTransient) : Exception(message)
{
    public bool IsTransient => isTransient;
}
