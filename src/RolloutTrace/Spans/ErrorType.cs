namespace RolloutTrace.Spans;

/// <summary>Values of <c>error.type</c>.</summary>
internal static class ErrorType
{
    /// <summary>OpenTelemetry's word for an error of which nothing is known.</summary>
    public const string Other = "_OTHER";

    public static string Of(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;

    /// <summary>The exception as the bundle's error text: type and message, no stack.</summary>
    public static string Text(Exception exception) => $"{Of(exception)}: {exception.Message}";
}
