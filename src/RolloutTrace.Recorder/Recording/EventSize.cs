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
        CodeCellStartedEvent e => Length(e.SourceJs),
        AgentResultObservedEvent e => Length(e.Message),
        InferenceFailedEvent e => Length(e.Error),
        InferenceCancelledEvent e => Length(e.Reason),
        CompactionRequestFailedEvent e => Length(e.Error),
        _ => 0,
    });

    // What others than the handles record may lack what an event has to have.
    private static long Length(string? text) => text?.Length ?? 0;
}
