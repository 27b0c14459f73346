using System.Runtime.InteropServices;

namespace RolloutTrace.Analysis;

/// <summary>A link from one thing to another.</summary>
/// <param name="Thing">The other's place in the list of all; null where the chain leaves the rollout, and then <paramref name="Text"/> says all.</param>
/// <param name="Text">How, in words.</param>
[StructLayout(LayoutKind.Auto)]
public sealed record RolloutThingLink(int? Thing, string Text);
