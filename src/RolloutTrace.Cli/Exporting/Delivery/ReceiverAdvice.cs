namespace RolloutTrace.Cli;

/// <summary>What to try with a receiver that does not take spans.</summary>
internal static class ReceiverAdvice
{
    public const string Credentials = "--header NAME=VALUE gives the key that it asks for";

    /// <summary>For spans that are refused without a word: some receivers take each but once.</summary>
    public const string SpansItHas = "perhaps it has spans with these ids already; --new-ids WORD sends them under others";

    /// <summary>The other way of sending, where it is nearly certain that it is meant.</summary>
    public static string OtherProtocol(Receiver receiver) => receiver.IsGrpc
        ? $"try --protocol {OtlpProtocol.HttpProtobuf}, or the port for gRPC, which is mostly {OtlpProtocol.GrpcPort}"
        : $"try --protocol {OtlpProtocol.Grpc}, or the port for HTTP, which is mostly {OtlpProtocol.HttpPort}";

    /// <summary>The other way of sending, if the port is the one for it.</summary>
    public static string? OtherProtocolIfLikely(Receiver receiver) =>
        receiver.Address.Port == (receiver.IsGrpc ? OtlpProtocol.HttpPort : OtlpProtocol.GrpcPort) ? OtherProtocol(receiver) : null;

    /// <summary>For an address where somebody is who takes no spans.</summary>
    public static string OtherPlace(Receiver receiver) => OtherProtocolIfLikely(receiver) ?? (receiver.IsGrpc
        ? $"nothing takes spans at {receiver.Server}; is it the receiver's port for gRPC?"
        : $"nothing takes spans at {receiver.Name}; is it the receiver's address for HTTP? OTEL_EXPORTER_OTLP_TRACES_ENDPOINT gives one with another path");
}
