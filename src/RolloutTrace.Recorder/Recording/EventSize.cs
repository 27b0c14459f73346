using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Recording;

/// <summary>Estimates the memory that an event takes up while it waits, its payload aside.</summary>
internal static class EventSize
{
    /// <summary>An event without long texts, with all objects around it.</summary>
    public const int Base = 512;

    /// <summary>What the texts that may be long add to it.</summary>
    public static long OfTexts(RawEventPayload payload) => sizeof(char) * (payload switch
    {
        CodeCellStartedEvent e => (long)e.SourceJs.Length,
        AgentResultObservedEvent e => e.Message.Length,
        InferenceFailedEvent e => e.Error.Length,
        InferenceCancelledEvent e => e.Reason.Length,
        CompactionRequestFailedEvent e => e.Error.Length,
        _ => 0,
    });
}
