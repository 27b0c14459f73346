namespace RolloutTrace.Joining.Parts;

/// <summary>The events of which there may be one too many in the whole.</summary>
internal enum PartEventKind : byte
{
    Other,
    RolloutStarted,
    RolloutEnded,
    ThreadStarted,
    ThreadEnded,
}
