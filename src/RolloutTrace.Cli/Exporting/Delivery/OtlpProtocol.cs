namespace RolloutTrace.Cli;

/// <summary>The ways to send spans, by the names that OTLP's settings have for them.</summary>
internal static class OtlpProtocol
{
    /// <summary>A gRPC call.</summary>
    public const string Grpc = "grpc";

    /// <summary>A protobuf document, posted over HTTP.</summary>
    public const string HttpProtobuf = "http/protobuf";

    /// <summary>The port that receivers listen on for gRPC.</summary>
    public const int GrpcPort = 4317;

    /// <summary>The port that receivers listen on for HTTP.</summary>
    public const int HttpPort = 4318;
}
