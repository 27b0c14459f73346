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

    /// <summary>
    /// Whether arguments are those of a call where a decorator has told them as a function of Python's takes them: some by their places,
    /// others by name.
    /// </summary>
    public static bool AreByPlace(string arguments, string called)
    {
        if (JsonValue.Parse(arguments) is not { ValueKind: JsonValueKind.Object } told || !PythonCall.Is(told)
            || JsonText.Member(told, "args") is not { ValueKind: JsonValueKind.Array } places || places.GetArrayLength() == 0
            || JsonText.Member(told, "kwargs") is not { ValueKind: JsonValueKind.Object } names
            || JsonValue.Parse(called) is not { ValueKind: JsonValueKind.Object } call)
        {
            return false;
        }

        var given = call.EnumerateObject().Select(static member => (Name: JsonText.Name(member, out _), Text: JsonValue.Text(member.Value))).ToList();
        var byPlace = places.EnumerateArray().Select(static value => JsonValue.Text(value)).ToList();
        return given.Count == byPlace.Count + names.GetPropertyCount()
            && given.Take(byPlace.Count).Select(static argument => argument.Text).SequenceEqual(byPlace, StringComparer.Ordinal)
            && given.Skip(byPlace.Count).All(argument => JsonText.Member(names, argument.Name) is var value && JsonValue.Text(value) == argument.Text);
    }
}
