namespace RolloutTrace.Analysis.Caching;

/// <summary>The first thing in which two requests differ.</summary>
/// <param name="Cause">What kind of thing it is.</param>
/// <param name="Index">Of a tool or item, its place from 0.</param>
/// <param name="Subject">Its name or id.</param>
/// <param name="Member">The way to the member that differs.</param>
/// <param name="Change">What stood there and what stands there.</param>
internal sealed record RequestDifference(CacheMissCause Cause, int? Index = null, string? Subject = null, string? Member = null, TextChange? Change = null);
