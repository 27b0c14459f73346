using System.Text.Json;

namespace RolloutTrace.Reducer;

/// <summary>The names that the enums of the state have in JSON, for texts about it.</summary>
public static class WireName
{
    /// <summary>The name of a value: its name in code in snake_case.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
