using System.Globalization;

namespace RolloutTrace.Cli;

/// <summary>The statuses of gRPC calls.</summary>
internal static class GrpcStatus
{
    public const int Ok = 0;
    public const int Unknown = 2;
    public const int PermissionDenied = 7;
    public const int ResourceExhausted = 8;
    public const int Unimplemented = 12;
    public const int Unauthenticated = 16;

    private static readonly string[] Names =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    /// <summary>The status of a header; <see cref="Unknown"/> if it is none.</summary>
    public static int Read(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : Unknown;

    public static string NameOf(int status) => status >= 0 && status < Names.Length ? $"{Names[status]} ({status})" : $"status {status}";

    /// <summary>Whether the call may be made again, as OTLP's specification has it: what is used up comes back only where the receiver says when.</summary>
    public static bool IsRetryable(int status, bool saysWhen) => status switch
    {
        1 or 4 or 10 or 11 or 14 or 15 => true,
        ResourceExhausted => saysWhen,
        _ => false,
    };
}
