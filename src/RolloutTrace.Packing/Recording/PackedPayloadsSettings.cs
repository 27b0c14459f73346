namespace RolloutTrace.Packing;

/// <summary>How payloads are packed while they are recorded.</summary>
/// <param name="Level">How hard zstd tries.</param>
/// <param name="WindowLog">How far back it looks, as a power of two.</param>
internal readonly record struct PackedPayloadsSettings(int Level, int WindowLog);
