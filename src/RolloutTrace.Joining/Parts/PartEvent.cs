namespace RolloutTrace.Joining.Parts;

/// <summary>An event of a part, which is in the spool as the part has it.</summary>
/// <param name="Line">Where it is.</param>
/// <param name="Wall">Its wall clock as it was recorded.</param>
/// <param name="Time">The highest wall clock of the part so far: one that steps back counts as that.</param>
/// <param name="Kind">What has to be known of it when it is written.</param>
internal readonly record struct PartEvent(SpoolPlace Line, long Wall, long Time, PartEventKind Kind);
