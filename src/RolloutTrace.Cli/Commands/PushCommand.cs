using System.CommandLine;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace push</c>: puts rollouts where many machines reach them.</summary>
internal sealed class PushCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly Argument<string[]> paths = PathArguments.CreateBundles(ArgumentArity.OneOrMore);
    private readonly FleetOptions fleet = new("Announce each there for workers, once it is put");
    private readonly OutputFormat format = new("one document with an entry for each bundle.");

    public PushCommand(CommandConsole console)
        : base("push", $"Put rollouts into a store: those that are over, packed, as DAY/NAME{PackedFormat.Extension}; and announce them to workers. What is there already, byte for byte, is not put again; other bytes replace it. The bundles stay; of a rollout over several processes each goes by itself, or what 'rollout-trace join' makes of them. Prints the address of each.")
    {
        this.console = console;
        Add(paths);
        fleet.AddTo(this, withReplicas: true);
        format.AddTo(this);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace push rollout-traces --store /mnt/traces", "every rollout below the directory that is over, into another"),
        ("rollout-trace push last --store s3://traces/agents --nats nats://127.0.0.1:4222", "the last one into a bucket, for workers to reduce"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "put, or there already; and announced"),
        (ExitCodes.Failure, "at least one could not be: it is still being recorded, cannot be read, or the store or the queue cannot be reached"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        var answers = new List<BundleAnswer<PushAnswer>>();
        var code = Pushing.Run(fleet.Of(arguments), console, arguments.GetRequiredValue(paths), answer =>
        {
            answers.Add(answer);
            if (!format.IsJson(arguments))
            {
                Show(answer);
            }
        });
        if (format.IsJson(arguments) && answers.Count > 0)
        {
            JsonOutput.Write(console, new BundleAnswers<PushAnswer> { Bundles = answers }, ReportJsonContext.Default.BundleAnswersPushAnswer);
        }

        return code;
    }

    private void Show(BundleAnswer<PushAnswer> answer)
    {
        if (answer.Result is not { } result)
        {
            console.Out.Flush();
            console.Tell($"error: {answer.Error}");
            return;
        }

        console.WritePath(result.Address);
        console.Tell($"{answer.Bundle}: {(result.WasThere ? "was there already" : $"{Wording.Size(result.Bytes)} put")}{(result.Announced ? ", announced" : "")}");
    }
}
