using System.Runtime.InteropServices;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>A piece of a text that is never the same in two runs.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">How many characters it has.</param>
/// <param name="What">What it is, as <see cref="VolatileCount.What"/> has it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct VolatilePiece(int Start, int Length, string What);
