namespace RolloutTrace.Spans;

/// <summary>Values of <c>error.type</c>.</summary>
internal static class ErrorType
{
    /// <summary>OpenTelemetry's word for an error of which nothing is known.</summary>
    public const string Other = "_OTHER";

    public static string Of(Exception? exception) => exception is null ? Other : exception.GetType().FullName ?? exception.GetType().Name;

    /// <summary>The exception as the bundle's error text: type and message, no stack.</summary>
    public static string Text(Exception? exception)
    {
        try
        {
            return exception is null ? Other : $"{Of(exception)}: {exception.Message}";
        }
        catch (Exception)
        {
            // Exceptions of the caller's own may fail to tell their message.
            return Of(exception);
        }
    }
}
