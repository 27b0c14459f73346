using System.CommandLine;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace export otlp</c>: sends a rollout's spans to a receiver.</summary>
internal sealed class ExportOtlpCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly ExportOptions options = new();
    private readonly ReceiverOptions receiverOptions = new();
    private readonly FlagOption verbose = new("--verbose", "-v") { Description = "Say on standard error what is read and sent, and what is waited for." };

    public ExportOtlpCommand(CommandConsole console)
        : base("otlp", "Send the spans of rollouts to an OTLP receiver, such as Jaeger, Aspire's dashboard or a Collector. The last line says how many were sent, and how many of them the receiver refused and why. Ids are those of the recording, or derived from it: what is sent again, or was sent live, has the ids that it had. A receiver may refuse it then, as Aspire's dashboard does, or hold it twice; --new-ids gives it others. Spans that never ended end with the last event and are marked by rollout.unfinished. No content is sent without --content. What the options leave open is taken from the environment as OpenTelemetry's exporters do: OTEL_EXPORTER_OTLP_TRACES_* or else OTEL_EXPORTER_OTLP_*, with ENDPOINT, PROTOCOL, HEADERS, TIMEOUT, COMPRESSION, CERTIFICATE, CLIENT_CERTIFICATE, CLIENT_KEY and INSECURE.")
    {
        this.console = console;
        options.AddPathsTo(this);
        receiverOptions.AddTo(this);
        options.AddTo(this);
        Add(verbose);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace export otlp BUNDLE", "look at the rollout in a local Jaeger, or in Aspire's dashboard"),
        ("rollout-trace export otlp BUNDLE --endpoint http://localhost:4318", "the same over HTTP"),
        ("rollout-trace export otlp BUNDLE --content --content-limit 100000", "with prompts, answers, and what tools got and gave"),
        ("rollout-trace export otlp rollout-traces --header x-api-key=KEY", "every rollout below a directory, to a receiver that asks for a key"),
        ("rollout-trace export otlp BUNDLE --new-ids second-look", "once more beside what is there already"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
        ExportOptions.ExitCodeMeanings("all arrived", "at least one bundle could not be read, or not all of its spans arrived");

    private int Run(ParseResult arguments)
    {
        Receiver receiver;
        try
        {
            receiver = receiverOptions.Read(arguments, new OtlpEnvironment(console.Environment));
        }
        catch (ReceiverOptionsException e)
        {
            console.Tell(e.Message);
            return ExitCodes.Usage;
        }

        using var channel = OtlpChannel.To(receiver, console.Time);
        var progress = new ExportProgress(console, arguments.GetValue(verbose));
        var delivery = new Delivery(channel, receiverOptions.RetryRules(arguments, console), progress);
        var target = new ReceiverTarget(console, receiver, delivery, progress, options.ServiceName(arguments));
        var answers = options.Export(console, arguments, target);
        progress.Clear();
        if (options.IsJson(arguments))
        {
            JsonOutput.Write(console, new BundleAnswers<ExportAnswer> { Bundles = answers }, ReportJsonContext.Default.BundleAnswersExportAnswer);
        }
        else
        {
            console.WritePath(target.All.ToString());
        }

        return ExportOptions.ExitCodeOf(answers);
    }
}
