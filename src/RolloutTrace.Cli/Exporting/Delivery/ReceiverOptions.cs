using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RolloutTrace.Cli;

/// <summary>The options that say where spans go and how. What the command line leaves open, the environment says as it does to OpenTelemetry's exporters.</summary>
internal sealed class ReceiverOptions
{
    private const string EndpointExample = "an address such as http://localhost:4317";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultRetryFor = TimeSpan.FromMinutes(1);

    private readonly Option<Uri?> endpoint = new("--endpoint")
    {
        Description = $"The receiver's address, such as http://localhost:4318; over HTTP, v1/traces is put behind it. Default: http://localhost:{OtlpProtocol.GrpcPort}, with --protocol {OtlpProtocol.HttpProtobuf} http://localhost:{OtlpProtocol.HttpPort}.",
        HelpName = "URL",
    };

    private readonly Option<string?> protocol = new Option<string?>("--protocol") { Description = $"How to send. Default: {OtlpProtocol.Grpc} to port {OtlpProtocol.GrpcPort}, {OtlpProtocol.HttpProtobuf} to any other." }
        .Among(OtlpProtocol.Grpc, OtlpProtocol.HttpProtobuf);

    private readonly Option<KeyValuePair<string, string>[]> headers = new("--header")
    {
        Description = "What each request says besides, such as a key; may be given again. It counts for more than one of the same name in the environment.",
        HelpName = "NAME=VALUE",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<TimeSpan?> timeout = DurationOption.Create("--timeout", "How long the receiver may take for one request; 0 for as long as it likes.", DefaultTimeout);
    private readonly Option<TimeSpan?> retryFor = DurationOption.Create("--retry-for", "How long to wait for a receiver that is too busy or closes connections, until it takes something again; 0 to try once. One that was never there is not waited for, unless this is given.", DefaultRetryFor);

    private readonly Option<string?> compression = new Option<string?>("--compression") { Description = "Whether to compress what is sent. Default: none." }
        .Among(Gzip.Name, "none");

    private readonly Option<string?> certificate = new("--certificate") { Description = "The certificates, in PEM, of the authorities that the receiver's may come from. Default: those that the system trusts.", HelpName = "FILE" };

    public ReceiverOptions()
    {
        endpoint.CustomParser = static result =>
        {
            if (ReceiverAddress.Read(result.Tokens[0].Value) is { } uri)
            {
                return uri;
            }

            result.AddError($"--endpoint takes {EndpointExample}, not '{result.Tokens[0].Value}'.");
            return null;
        };
        headers.CustomParser = static result =>
        {
            var read = result.Tokens.Select(static token => HeaderList.Read(token.Value)).ToList();
            if (read.Contains(null))
            {
                // Not shown: what stands there is likely a key.
                result.AddError("--header takes a name and a value such as x-api-key=KEY.");
            }

            return [.. read.OfType<KeyValuePair<string, string>>()];
        };
    }

    public void AddTo(Command command)
    {
        command.Add(endpoint);
        command.Add(protocol);
        command.Add(headers);
        command.Add(timeout);
        command.Add(retryFor);
        command.Add(compression);
        command.Add(certificate);
    }

    /// <summary>The receiver that is meant.</summary>
    /// <exception cref="ReceiverOptionsException">None can be meant.</exception>
    public Receiver Read(ParseResult arguments, OtlpEnvironment environment)
    {
        var given = arguments.GetValue(endpoint);
        var set = given is null ? environment.Find("ENDPOINT") : null;
        var named = ProtocolOf(arguments, environment);
        var address = given ?? (set is null ? null : Endpoint(set, named ?? OtlpProtocol.Grpc, environment));
        var resolved = named ?? ReceiverAddress.ProtocolOf(address);
        return new Receiver
        {
            Protocol = resolved,
            Address = ReceiverAddress.Of(address ?? ReceiverAddress.Default(resolved), resolved, set is { IsForTraces: true }),
            Headers = HeaderList.Merge(arguments.GetRequiredValue(headers), environment.Find("HEADERS") is { } list ? HeaderList.ReadList(list.Value) ?? throw NotMeant(list, "names and values such as x-api-key=KEY,x-other=VALUE", isSecret: true) : []),
            Timeout = Limit(arguments.GetValue(timeout) ?? (environment.Find("TIMEOUT") is { } setting ? Milliseconds(setting) : DefaultTimeout)),
            IsCompressed = arguments.GetValue(compression) is { } wanted ? wanted == Gzip.Name : environment.Find("COMPRESSION") is { } compressed && IsGzip(compressed),
            Authorities = arguments.GetValue(certificate) is { } file ? Authorities("--certificate", file) : environment.Find("CERTIFICATE") is { } trusted ? Authorities(trusted.Variable, trusted.Value) : null,
            ClientCertificate = environment.Find("CLIENT_CERTIFICATE") is { } own ? ClientCertificate(own, environment.Find("CLIENT_KEY")) : null,
        };
    }

    /// <summary>How long a busy receiver is waited for.</summary>
    public RetryRules RetryRules(ParseResult arguments, CommandConsole console) => new()
    {
        Bound = arguments.GetValue(retryFor) ?? DefaultRetryFor,
        WaitsForAbsent = arguments.GetValue(retryFor) is not null,
        Backoff = new Backoff(Random.Shared),
        Time = console.Time,
        Pause = console.Pause,
    };

    private string? ProtocolOf(ParseResult arguments, OtlpEnvironment environment)
    {
        if (arguments.GetValue(protocol) is { } given)
        {
            return given;
        }

        return environment.Find("PROTOCOL") is not { } set ? null
            : set.Value is OtlpProtocol.Grpc or OtlpProtocol.HttpProtobuf ? set.Value
            : throw NotMeant(set, $"{OtlpProtocol.Grpc} or {OtlpProtocol.HttpProtobuf}");
    }

    // Host and port alone are common for gRPC. Whether that is encrypted has a variable of its own.
    private static Uri Endpoint(OtlpSetting set, string protocol, OtlpEnvironment environment)
    {
        var scheme = protocol != OtlpProtocol.Grpc ? null : environment.Find("INSECURE") is { } insecure && string.Equals(insecure.Value, "true", StringComparison.OrdinalIgnoreCase) ? "http" : "https";
        return ReceiverAddress.Read(set.Value, scheme) ?? throw NotMeant(set, EndpointExample);
    }

    private static TimeSpan Milliseconds(OtlpSetting set) =>
        int.TryParse(set.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) ? TimeSpan.FromMilliseconds(milliseconds) : throw NotMeant(set, "a number of milliseconds");

    private static TimeSpan Limit(TimeSpan given) => given == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : given;

    private static bool IsGzip(OtlpSetting set) => set.Value switch
    {
        Gzip.Name => true,
        "none" => false,
        _ => throw NotMeant(set, $"{Gzip.Name} or none"),
    };

    private static X509Certificate2Collection Authorities(string where, string file)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPem(PlainFiles.ReadText(file));
            return authorities.Count > 0 ? authorities : throw new ReceiverOptionsException($"{where}: {file}: holds no certificate in PEM");
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw new ReceiverOptionsException($"{where}: {file}: cannot be read as certificates in PEM: {SystemWords.Of(e)}", e);
        }
    }

    private static X509Certificate2 ClientCertificate(OtlpSetting set, OtlpSetting? key)
    {
        try
        {
            var certificate = PlainFiles.ReadText(set.Value);
            return X509Certificate2.CreateFromPem(certificate, key is null ? certificate : PlainFiles.ReadText(key.Value));
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw new ReceiverOptionsException($"{set.Variable}: {set.Value}: cannot be read as a certificate in PEM with its key: {SystemWords.Of(e)}", e);
        }
    }

    private static bool IsUnreadable(Exception e) => e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private static ReceiverOptionsException NotMeant(OtlpSetting set, string wanted, bool isSecret = false) =>
        new($"{set.Variable} takes {wanted}{(isSecret ? "" : $", not '{set.Value}'")}.");
}
