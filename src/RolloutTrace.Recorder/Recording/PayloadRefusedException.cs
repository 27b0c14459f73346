namespace RolloutTrace.Recorder.Recording;

/// <summary>Unwinds the serializer when a payload cannot be taken. It never leaves the recorder.</summary>
internal sealed class PayloadRefusedException : Exception
{
    public PayloadRefusedException(PayloadProblem problem)
        : base($"payload refused: {problem}")
    {
    }
}
