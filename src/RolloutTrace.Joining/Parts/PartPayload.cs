namespace RolloutTrace.Joining.Parts;

/// <summary>Where a payload of a part is: a file of its bundle, or in the spool.</summary>
/// <param name="File">The file's name in the bundle; null for one in the spool.</param>
/// <param name="Place">Where it is in the spool.</param>
internal readonly record struct PartPayload(string? File, SpoolPlace Place);
