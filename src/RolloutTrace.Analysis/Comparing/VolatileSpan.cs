using System.Runtime.InteropServices;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>A piece of a text that is never the same in two runs.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">How many characters it has.</param>
/// <param name="Kind">What it is; of a pattern of the user's, <see cref="VolatileKind.Custom"/> and the number of the pattern.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct VolatileSpan(int Start, int Length, int Kind);
