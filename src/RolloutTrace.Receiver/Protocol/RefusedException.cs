namespace RolloutTrace.Receiver.Protocol;

/// <summary>A request that is not taken, with what is answered. It ends the reading of it.</summary>
internal sealed class RefusedException(ExportFate fate, string message) : Exception(message)
{
    public ExportAnswer Answer { get; } = new(fate, message);
}
