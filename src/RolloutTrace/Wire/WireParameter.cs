using System.Runtime.InteropServices;
using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>A parameter of a request, such as the temperature.</summary>
/// <param name="Name">The member's name; of one that stands in a group of parameters, the way to it, with dots between.</param>
/// <param name="Value">What stands there. It is valid as long as the document that it was read from.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WireParameter(string Name, JsonElement Value);
