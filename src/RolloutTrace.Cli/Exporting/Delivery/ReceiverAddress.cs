namespace RolloutTrace.Cli;

/// <summary>From what people call an endpoint to the address that requests go to, as OTLP's specification has it.</summary>
internal static class ReceiverAddress
{
    private const string GrpcMethod = "opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private const string TracesPath = "v1/traces";

    /// <summary>The endpoint that is meant when none is named.</summary>
    public static Uri Default(string protocol) =>
        new($"http://localhost:{(protocol == OtlpProtocol.Grpc ? OtlpProtocol.GrpcPort : OtlpProtocol.HttpPort)}");

    /// <summary>How to send to an endpoint when nobody says it: by its port.</summary>
    public static string ProtocolOf(Uri? endpoint) =>
        endpoint is null || endpoint.Port == OtlpProtocol.GrpcPort ? OtlpProtocol.Grpc : OtlpProtocol.HttpProtobuf;

    /// <summary>Reads an endpoint.</summary>
    /// <param name="text">Its text. Host and port alone are taken where that is how gRPC's libraries have it.</param>
    /// <param name="scheme">The scheme of host and port alone; null if there must be one.</param>
    /// <returns>Null if it is none.</returns>
    public static Uri? Read(string text, string? scheme = null)
    {
        if (scheme is not null && !text.Contains("://", StringComparison.Ordinal))
        {
            text = $"{scheme}://{text}";
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https" && endpoint.Host.Length > 0 ? endpoint : null;
    }

    /// <summary>The address that requests go to.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="protocol">How to send.</param>
    /// <param name="isForTraces">Whether it was named for traces alone, and so is the whole address over HTTP; else it is what all signals have in common.</param>
    public static Uri Of(Uri endpoint, string protocol, bool isForTraces)
    {
        if (protocol == OtlpProtocol.Grpc)
        {
            // An address that is meant for HTTP; in gRPC the method says what is sent.
            var path = endpoint.AbsolutePath.TrimEnd('/');
            return WithPath(endpoint, path.EndsWith(TracesPath, StringComparison.Ordinal) ? path[..^TracesPath.Length] : path, GrpcMethod);
        }

        return isForTraces ? endpoint : WithPath(endpoint, endpoint.AbsolutePath, TracesPath);
    }

    private static Uri WithPath(Uri endpoint, string path, string end)
    {
        var trimmed = path.TrimEnd('/');
        return trimmed.EndsWith($"/{end}", StringComparison.Ordinal) ? endpoint : new UriBuilder(endpoint) { Path = $"{trimmed}/{end}" }.Uri;
    }
}
