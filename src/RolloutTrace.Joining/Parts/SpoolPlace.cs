namespace RolloutTrace.Joining.Parts;

/// <summary>Where bytes are in the spool.</summary>
internal readonly record struct SpoolPlace(long Offset, int Length);
