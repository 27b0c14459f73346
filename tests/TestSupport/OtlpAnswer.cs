using System.Text;

namespace RolloutTrace.TestSupport;

/// <summary>What an <see cref="OtlpReceiver"/> answers. Unless something else is said, it took everything.</summary>
public sealed record OtlpAnswer
{
    public int HttpStatus { get; init; } = 200;

    /// <summary>Null for that of the request.</summary>
    public string? ContentType { get; init; }

    /// <summary>The status of a gRPC call; null to say none.</summary>
    public string? GrpcStatus { get; init; } = "0";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Trailers { get; init; } = new Dictionary<string, string>();

    public byte[] Body { get; init; } = [];

    public bool ClosesConnection { get; init; }

    public bool StaysSilent { get; init; }

    /// <summary>Some of the spans are refused.</summary>
    public static OtlpAnswer Refusing(byte count, string words) =>
        new() { Body = Delimited(1, [0x08, count, .. Delimited(2, Encoding.UTF8.GetBytes(words))]) };

    /// <summary>The message <c>google.rpc.Status</c> with words, and, if it is given, a <c>RetryInfo</c> of so many seconds.</summary>
    public static byte[] RpcStatus(string words, byte? retrySeconds = null) =>
    [
        .. Delimited(2, Encoding.UTF8.GetBytes(words)),
        .. retrySeconds is { } seconds
            ? Delimited(3, [.. Delimited(1, "type.googleapis.com/google.rpc.RetryInfo"u8), .. Delimited(2, Delimited(1, [0x08, seconds]))])
            : [],
    ];

    private static byte[] Delimited(int field, ReadOnlySpan<byte> value) => [(byte)((field << 3) | 2), value.Length < 128 ? (byte)value.Length : throw new ArgumentException("more than one byte of length", nameof(value)), .. value];
}
