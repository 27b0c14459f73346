using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Writing;

/// <summary>Counts what was written into a bundle.</summary>
internal sealed class BundleCounts
{
    public int Threads { get; private set; }

    public int Turns { get; private set; }

    public int Requests { get; private set; }

    public int ToolCalls { get; private set; }

    public bool HasEnded { get; private set; }

    public void Add(RawEventPayload observed)
    {
        switch (observed)
        {
            case ThreadStartedEvent:
                Threads++;
                break;
            case CodexTurnStartedEvent:
                Turns++;
                break;
            case InferenceStartedEvent:
                Requests++;
                break;
            case ToolCallStartedEvent:
                ToolCalls++;
                break;
            case RolloutEndedEvent:
                HasEnded = true;
                break;
        }
    }
}
