using System.CommandLine;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace export otlp</c>: sends a rollout's spans to a receiver.</summary>
internal sealed class ExportOtlpCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly ExportOptions options = new();
    private readonly Option<Uri> endpoint = new("--endpoint")
    {
        Description = "The receiver's address, such as http://localhost:4317.",
        HelpName = "URL",
        Required = true,
    };

    private readonly Option<string?> protocol = new Option<string?>("--protocol") { Description = "How to send. Default: grpc to port 4317, http/protobuf to any other." }
        .Among(OtlpSender.Grpc, OtlpSender.HttpProtobuf);

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
        options.AddTo(this, endpoint, protocol);
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
        ExportOptions.ExitCodeMeanings("sent", "at least one bundle could not be read, or not be sent whole");

    private int Run(ParseResult arguments)
    {
        var url = arguments.GetRequiredValue(endpoint);
        using var sender = new OtlpSender(url, arguments.GetValue(protocol));
        var answers = options.Export(console, arguments, url.ToString(), Send, Show);
        if (options.IsJson(arguments))
        {
            JsonOutput.Write(console, new BundleAnswers<ExportAnswer> { Bundles = answers }, ReportJsonContext.Default.BundleAnswersExportAnswer);
        }

        return ExportOptions.ExitCodeOf(answers);

        void Send(IReadOnlyList<RolloutSpan> spans)
        {
            foreach (var request in OtlpProtobuf.Requests(spans, options.ServiceName(arguments)))
            {
                sender.Send(request);
            }
        }

        void Show(string bundle, ExportAnswer answer) => console.WritePath($"{bundle}: {Wording.Of(answer.Spans, "span")}");
    }
}
