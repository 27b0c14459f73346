using System.CommandLine;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace export otlp</c>: sends a rollout's spans to a receiver.</summary>
internal sealed class ExportOtlpCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly Argument<string[]> paths = PathArguments.CreateBundles(ArgumentArity.OneOrMore);
    private readonly Option<Uri> endpoint = new("--endpoint")
    {
        Description = "The receiver's address, such as http://localhost:4317.",
        HelpName = "URL",
        Required = true,
    };

    private readonly Option<string?> protocol = new Option<string?>("--protocol") { Description = "How to send. Default: grpc to port 4317, http/protobuf to any other." }
        .Among(OtlpSender.Grpc, OtlpSender.HttpProtobuf);

    private readonly Option<bool> content = ContentOption.Create();
    private readonly Option<string> serviceName = new("--service-name") { Description = "The name of the service that the spans are of.", HelpName = "NAME", DefaultValueFactory = static _ => "rollout-trace" };

    public ExportOtlpCommand(CommandConsole console)
        : base("otlp", "Send the spans of rollouts to an OTLP receiver, such as Jaeger or a Collector. Ids are those of the recording, or derived from it: sending twice gives the same. Spans that never ended end with the last event and are marked by rollout.unfinished. No content is sent without --content.")
    {
        this.console = console;
        endpoint.CustomParser = static result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            {
                return uri;
            }

            result.AddError($"--endpoint takes an address such as http://localhost:4317, not '{result.Tokens[0].Value}'.");
            return null;
        };
        Add(paths);
        Add(endpoint);
        Add(protocol);
        Add(serviceName);
        Add(content);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace export otlp BUNDLE --endpoint http://localhost:4317", "look at the rollout in a local Jaeger"),
        ("rollout-trace export otlp BUNDLE --endpoint http://localhost:4318", "the same over HTTP"),
        ("rollout-trace export otlp BUNDLE --endpoint http://localhost:4317 --content", "with prompts, answers, and what tools got and gave"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "sent"),
        (ExitCodes.Failure, "at least one bundle could not be read, or not be sent whole"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        using var sender = new OtlpSender(arguments.GetRequiredValue(endpoint), arguments.GetValue(protocol));
        var exitCode = ExitCodes.Success;
        foreach (var bundle in BundleFinder.Find(arguments.GetRequiredValue(paths)))
        {
            try
            {
                Send(bundle, sender, arguments.GetRequiredValue(serviceName), arguments.GetValue(content));
            }
            catch (Exception e) when (e is BundleException or HttpRequestException or TaskCanceledException)
            {
                console.Tell($"error: {(e is BundleException ? "" : $"{bundle.Path}: ")}{e.Message}");
                exitCode = ExitCodes.Failure;
            }
        }

        return exitCode;
    }

    private void Send(FoundBundle bundle, OtlpSender sender, string name, bool withContent)
    {
        if (bundle.Problem is not null)
        {
            throw new BundleException(bundle.Problem);
        }

        var rollout = OpenRollout.Open(bundle.Path, console.Time);
        var spans = RolloutSpans.Of(rollout.Index, rollout.Bundle, withContent);
        foreach (var request in OtlpProtobuf.Requests(spans, name))
        {
            sender.Send(request);
        }

        console.WritePath($"{bundle.Path}: {Wording.Of(spans.Count, "span")}");
    }
}
