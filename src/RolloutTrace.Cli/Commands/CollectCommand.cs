using System.CommandLine;
using System.Net;
using RolloutTrace.Receiver;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace collect</c>: receives rollouts of many machines and puts them into a store.</summary>
internal sealed class CollectCommand : Command, IDocumentedCommand
{
    private const string DefaultSpool = ".collect";

    private static readonly TimeSpan DefaultIdle = TimeSpan.FromMinutes(30);
    private static readonly IPEndPoint DefaultHttp = new(IPAddress.Loopback, 4318);
    private static readonly IPEndPoint DefaultGrpc = new(IPAddress.Loopback, 4317);

    private readonly CommandConsole console;
    private readonly Option<string> store = new("--store") { Description = "Where packed rollouts go: a directory, s3://bucket/prefix or nats://host:port/BUCKET.", HelpName = "URL", Required = true };
    private readonly Option<string?> spool = new("--spool") { Description = $"The directory for what is open, of this process alone; what was acknowledged is there until it is packed. Default: {DefaultSpool} below a store that is a directory.", HelpName = "DIR" };
    private readonly Option<IPEndPoint?> http = EndPointOption.Create("--http", "Where OTLP over HTTP is listened on; port 0 for any that is free.", DefaultHttp);
    private readonly Option<IPEndPoint?> grpc = EndPointOption.Create("--grpc", "Where OTLP over gRPC is listened on, likewise.", DefaultGrpc);
    private readonly Option<string[]> keys = new("--api-key") { Description = "A key that senders must have, as 'authorization: Bearer KEY'. May be repeated. Default: everybody who reaches it may send.", HelpName = "KEY" };
    private readonly Option<string?> certificate = new("--tls-cert") { Description = "A certificate in PEM, with those above it: then both are encrypted.", HelpName = "FILE" };
    private readonly Option<string?> key = new("--tls-key") { Description = "The certificate's key, in PEM.", HelpName = "FILE" };
    private readonly Option<TimeSpan?> idle = DurationOption.Create("--idle", "After how long without a record a rollout is packed as it is. One that is whole is packed at once.", DefaultIdle, isAboveZero: true);
    private readonly Option<string?> nats = new("--nats") { Description = "Servers of NATS, with commas between: each packed rollout is announced in their work queue.", HelpName = "URL" };

    public CollectCommand(CommandConsole console)
        : base("collect", "Receive rollouts of many machines into a store. It speaks OpenTelemetry's protocol: raw events that a recorder or a Collector sends as log records (/v1/logs), and spans of agents in any language (/v1/traces), over HTTP and gRPC, as protobuf and JSON. What it has acknowledged is on the disk: killed at any moment, it goes on with it at its next start. A rollout is packed when it is whole, or when nothing has come for a time; what comes later replaces it. /healthz answers 200 when it is ready. It prints both addresses. Ctrl+C or SIGTERM ends it.")
    {
        this.console = console;
        keys.Validators.Add(static result =>
        {
            if ((result.GetValueOrDefault<string[]>() ?? []).Any(string.IsNullOrWhiteSpace))
            {
                result.AddError("--api-key takes a key that is not empty.");
            }
        });
        Validators.Add(result =>
        {
            if (result.GetResult(certificate) is null != result.GetResult(key) is null)
            {
                result.AddError("--tls-cert and --tls-key need each other.");
            }

            if (result.GetResult(spool) is null && result.GetResult(store)?.Tokens is [{ Value: var url }] && url.Contains("://", StringComparison.Ordinal))
            {
                result.AddError("--spool is missing: only a store that is a directory has a place for what is open.");
            }
        });
        Add(store);
        Add(spool);
        Add(http);
        Add(grpc);
        Add(keys);
        Add(certificate);
        Add(key);
        Add(idle);
        Add(nats);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace collect --store rollouts", "into a directory, from agents on this machine"),
        ("rollout-trace collect --store s3://rollouts/prod --spool /var/lib/rollouts --http 0.0.0.0:4318 --grpc 0.0.0.0:4317 --api-key \"$KEY\" --tls-cert cert.pem --tls-key key.pem", "for a fleet"),
        ("rollout-trace collect --store rollouts --nats nats://localhost:4222", "and have workers reduce what comes"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "it was told to end; what is open goes on at the next start"),
        (ExitCodes.Failure, "it cannot begin: an address, the spool, the store or the certificate"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        var place = arguments.GetRequiredValue(store);
        var options = new RolloutReceiverOptions
        {
            Store = place,
            Spool = Path.GetFullPath(arguments.GetValue(spool) ?? Path.Join(place, DefaultSpool)),
            Http = arguments.GetValue(http) ?? DefaultHttp,
            Grpc = arguments.GetValue(grpc) ?? DefaultGrpc,
            ApiKeys = arguments.GetValue(keys) ?? [],
            TlsCertificate = arguments.GetValue(certificate),
            TlsKey = arguments.GetValue(key),
            Idle = arguments.GetValue(idle) ?? DefaultIdle,
            Nats = arguments.GetValue(nats),
            Time = console.Time,
        };
        if (options.ApiKeys.Count == 0 && !(IPAddress.IsLoopback(options.Http.Address) && IPAddress.IsLoopback(options.Grpc.Address)))
        {
            console.Tell("warning: other machines reach it, and there is no --api-key: any of them may send");
        }

        try
        {
            ServedCommand.UntilToldToEnd(stop => RolloutReceiver.RunAsync(options, Ready, console.Tell, stop));
            return ExitCodes.Success;
        }
        catch (ReceiverException e)
        {
            console.Tell($"error: {e.Message}");
            return ExitCodes.Failure;
        }
    }

    private void Ready(string httpAddress, string grpcAddress)
    {
        console.WritePath($"http {httpAddress}");
        console.WritePath($"grpc {grpcAddress}");
    }
}
