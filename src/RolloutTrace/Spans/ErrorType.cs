using System.Diagnostics;

namespace RolloutTrace.Spans;

/// <summary>Values of <c>error.type</c>.</summary>
internal static class ErrorType
{
    /// <summary>OpenTelemetry's word for an error of which nothing is known.</summary>
    public const string Other = "_OTHER";

    private const int MaxLength = 256;

    /// <summary>A type's full name, without the versions of assemblies that a generic type's has.</summary>
    public static string Of(Exception? exception) => exception is null ? Other : exception.GetType().ToString();

    /// <summary>A code as spans may have it: none that has spaces in it, since that is a message, nor one that is as long as one. Null for null.</summary>
    public static string? Sound(string? type)
    {
        if (string.IsNullOrEmpty(type))
        {
            return null;
        }

        if (type.Length > MaxLength)
        {
            return Other;
        }

        foreach (var sign in type)
        {
            if (char.IsWhiteSpace(sign) || char.IsControl(sign))
            {
                return Other;
            }
        }

        return type;
    }

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

    /// <summary>The event that stands for an exception on a span.</summary>
    public static ActivityEvent Event(Exception exception)
    {
        var tags = new ActivityTagsCollection { { "exception.type", Of(exception) } };
        try
        {
            tags.Add("exception.message", exception.Message);
            tags.Add("exception.stacktrace", exception.ToString());
        }
        catch (Exception)
        {
            // What there is by then is told.
        }

        return new ActivityEvent("exception", tags: tags);
    }
}
