namespace RolloutTrace.Recorder.Housekeeping;

/// <summary>A bundle or packed rollout below the root.</summary>
/// <param name="Path">Its path.</param>
/// <param name="IsPacked">Whether it is one file.</param>
/// <param name="WrittenAt">When its rollout was last written to, in UTC.</param>
/// <param name="Bytes">Bytes of all its files.</param>
internal sealed record KeptBundle(string Path, bool IsPacked, DateTime WrittenAt, long Bytes);
