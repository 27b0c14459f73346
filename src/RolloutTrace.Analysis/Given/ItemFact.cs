using System.Runtime.InteropServices;

namespace RolloutTrace.Analysis.Given;

/// <summary>What the wire tells of an item beyond the state.</summary>
/// <param name="Bytes">How much text it has, in bytes of UTF-8. Images and files, which are no text, count nothing.</param>
/// <param name="Name">Of a call, the name of what is called; of an output too where the API says it.</param>
[StructLayout(LayoutKind.Auto)]
internal sealed record ItemFact(long Bytes, string? Name);
