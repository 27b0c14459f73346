using System.Net;

namespace RolloutTrace.Replay;

/// <summary>
/// A request that failed when it was recorded fails again. The message is what was recorded of the failure;
/// <see cref="HttpRequestException.StatusCode"/> is the status that it names, if it names one.
/// </summary>
public sealed class ReplayedFailureException : HttpRequestException
{
    internal ReplayedFailureException(string requestId, string error, HttpStatusCode? status)
        : base(error, inner: null, status)
    {
        RequestId = requestId;
    }

    /// <summary>The recorded request.</summary>
    public string RequestId { get; }
}
