using Microsoft.Extensions.AI;

namespace RolloutTrace.ModelSupport;

/// <summary>The functions that the scripted models ask for.</summary>
internal static class Weather
{
    public static AIFunction Tool { get; } = AIFunctionFactory.Create((string city) => $"sunny in {city}", "weather", "Tells the weather.");

    public static AIFunction Broken { get; } = AIFunctionFactory.Create(string (string city) => throw new InvalidOperationException("no station"), "broken", "Fails.");

    public static ChatOptions Options(params AITool[] tools) => new() { Tools = tools, Temperature = 0.2f, Instructions = "Be brief." };
}
