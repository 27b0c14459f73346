namespace RolloutTrace.Lake;

/// <summary>A file of a lake.</summary>
/// <param name="Name">Its name below the lake: <c>{table}/day={day}/{bundle}.{hash}.parquet</c>, with slashes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="WrittenAt">When it was written.</param>
public sealed record LakeFile(string Name, long Bytes, DateTimeOffset WrittenAt);
