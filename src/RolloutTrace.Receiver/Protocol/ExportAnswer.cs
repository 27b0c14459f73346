using Microsoft.AspNetCore.Http;

namespace RolloutTrace.Receiver.Protocol;

/// <summary>What is answered to a request, in no protocol's form.</summary>
/// <param name="Fate">What became of it.</param>
/// <param name="Message">The reason, for people; of what is taken, what was rejected and why.</param>
/// <param name="Rejected">How many of its records or spans were rejected.</param>
internal sealed record ExportAnswer(ExportFate Fate, string Message = "", long Rejected = 0)
{
    /// <summary>All of it is safe.</summary>
    public static ExportAnswer Taken { get; } = new(ExportFate.Taken);

    /// <summary>HTTP's status.</summary>
    public int HttpStatus => Fate switch
    {
        ExportFate.Taken => StatusCodes.Status200OK,
        ExportFate.NoOtlp => StatusCodes.Status400BadRequest,
        ExportFate.Unauthenticated => StatusCodes.Status401Unauthorized,
        ExportFate.NotFound => StatusCodes.Status404NotFound,
        ExportFate.WrongMethod => StatusCodes.Status405MethodNotAllowed,
        ExportFate.Late => StatusCodes.Status408RequestTimeout,
        ExportFate.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ExportFate.Unsupported => StatusCodes.Status415UnsupportedMediaType,
        ExportFate.Busy => StatusCodes.Status429TooManyRequests,
        ExportFate.Unwritable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>gRPC's status, which is also the code of a Status in a body.</summary>
    public int GrpcStatus => Fate switch
    {
        ExportFate.Taken => 0,
        ExportFate.NoOtlp => 3,
        ExportFate.Late => 4,
        ExportFate.TooLarge => 8,
        ExportFate.NotFound or ExportFate.WrongMethod or ExportFate.Unsupported => 12,
        ExportFate.Busy or ExportFate.Unwritable => 14,
        ExportFate.Unauthenticated => 16,
        _ => 13,
    };

    /// <summary>After how many seconds it may come again; null if it must not.</summary>
    public int? RetrySeconds => Fate switch
    {
        ExportFate.Busy => 5,
        ExportFate.Unwritable => 5,
        _ => null,
    };
}
