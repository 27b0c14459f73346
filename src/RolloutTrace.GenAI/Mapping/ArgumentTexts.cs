using System.Text.Json;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>Arguments by name, each as text, whatever type they were given in and in whatever order.</summary>
internal static class ArgumentTexts
{
    public static IEnumerable<string> Of(string arguments) => JsonValue.Parse(arguments) is { ValueKind: JsonValueKind.Object } json
        ? json.EnumerateObject().Select(static member => $"{JsonText.Name(member, out _)}\0{JsonValue.Text(member.Value)}").Order(StringComparer.Ordinal)
        : [arguments];
}
