using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>What a function of Python's was called with, as decorators tell it: arguments by their places, and by name.</summary>
internal static class PythonCall
{
    /// <summary>Whether it is one, and nothing else.</summary>
    public static bool Is(JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Object || JsonText.Member(call, "kwargs").ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var member in call.EnumerateObject())
        {
            if (JsonText.Name(member, out _) is not ("args" or "kwargs" or "sanitize_inputs_outputs"))
            {
                return false;
            }
        }

        return JsonText.Member(call, "args").ValueKind is JsonValueKind.Array or JsonValueKind.Undefined;
    }

    /// <summary>The arguments by name, where there are no others.</summary>
    public static JsonElement? Named(JsonElement call) =>
        Is(call) && (JsonText.Member(call, "args") is not { ValueKind: JsonValueKind.Array } places || places.GetArrayLength() == 0) ? JsonText.Member(call, "kwargs") : null;
}
