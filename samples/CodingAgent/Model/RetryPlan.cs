using System.ClientModel;

namespace CodingAgent.Model;

/// <summary>Which failures are worth another attempt, and when.</summary>
/// <param name="MaxAttempts">How many attempts there are at most, the first included.</param>
/// <param name="FirstDelay">How long to wait after the first failure; each further wait is twice as long.</param>
internal sealed record RetryPlan(int MaxAttempts, TimeSpan FirstDelay)
{
    private const int RequestTimeout = 408;
    private const int TooManyRequests = 429;

    /// <summary>How long to wait after an attempt, counted from 1; null to give up.</summary>
    public TimeSpan? DelayAfter(int attempt, Exception exception) =>
        attempt < MaxAttempts && IsTransient(exception) ? FirstDelay * Math.Pow(2, attempt - 1) : null;

    private static bool IsTransient(Exception exception) => exception switch
    {
        // Without a status there was no connection.
        ClientResultException failed => failed.Status is 0 or RequestTimeout or TooManyRequests or >= 500,
        ModelFailedException failed => failed.IsTransient,
        HttpRequestException or IOException => true,
        _ => false,
    };
}
