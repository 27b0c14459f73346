using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace work</c>: a worker that reduces rollouts of a store into a lake.</summary>
internal sealed class WorkCommand : Command, IDocumentedCommand
{
    /// <summary>The variable in which Kubernetes says which of several pods of a job this one is.</summary>
    public const string IndexVariable = "JOB_COMPLETION_INDEX";

    private const int DefaultMaxDeliver = 5;

    private readonly CommandConsole console;
    private readonly FleetOptions fleet = new("Work at the queue there until told to end");
    private readonly Option<string> lake = new("--lake") { Description = $"The lake, which gets the tables: {LakePlace.Meaning}.", HelpName = "LAKE", Required = true };
    private readonly Option<int?> maxDeliver = CountOption.Create("--max-deliver", $"How many times a rollout is tried before it goes to the dead letters. Default: {DefaultMaxDeliver}.");
    private readonly FlagOption once = new("--once") { Description = "Reduce what is in the store now, without a queue, and end." };
    private readonly Option<string?> shard = new("--shard") { Description = $"With --once: only the part I of N (0 to N-1), by the rollouts' names. N alone takes I from {IndexVariable}.", HelpName = "I/N" };
    private readonly Option<int?> jobs = CountOption.Create("--jobs", "With --once: how many rollouts at a time. Default: one a processor.", "-j");

    public WorkCommand(CommandConsole console)
        : base("work", "Reduce a store's rollouts into a lake: tolerantly, as tables; from a queue, in which they are announced, as one of any number of workers; or once. Done twice it changes nothing. A rollout that cannot be reduced is named, goes to the dead letters, and stops nobody. With --once, prints the lake's path.")
    {
        this.console = console;
        fleet.AddTo(this, withReplicas: true);
        Add(lake);
        Add(maxDeliver);
        Add(once);
        Add(shard);
        Add(jobs);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace work --nats nats://127.0.0.1:4222 --store s3://traces/agents --lake lake", "one worker; start as many as you like"),
        ("rollout-trace work --nats nats://127.0.0.1:4222 --store s3://traces/agents --lake s3://traces/lake", "the tables into a bucket, too"),
        ("rollout-trace work --once --store rollout-traces --lake lake", "all that a directory has, bundles as they were recorded too"),
        ("rollout-trace work --once --store s3://traces/agents --lake lake --shard 0/8", "the first of eight parts"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "told to end, after the rollout that it had; with --once: all are in the lake"),
        (ExitCodes.Failure, "the queue cannot be reached; with --once: at least one rollout could not be read or written, the others are in the lake"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        if (WhyNot(arguments) is { } problem)
        {
            console.Tell(problem);
            return ExitCodes.Usage;
        }

        var order = new WorkOrder
        {
            Addresses = fleet.Of(arguments),
            Lake = arguments.GetRequiredValue(lake),
            MaxDeliver = arguments.GetValue(maxDeliver) ?? DefaultMaxDeliver,
            Once = arguments.GetValue(once),
            Shard = arguments.GetValue(shard),
            Jobs = arguments.GetValue(jobs) ?? Environment.ProcessorCount,
        };
        return Working.Run(order, console);
    }

    private string? WhyNot(ParseResult arguments)
    {
        var isOnce = arguments.GetValue(once);
        return isOnce && arguments.GetValue(fleet.Nats) is not null ? "--once works without a queue; leave --nats out."
            : !isOnce && arguments.GetValue(fleet.Nats) is null ? "Give --nats, or --once to work without a queue."
            : !isOnce && (arguments.GetValue(shard) is not null || arguments.GetValue(jobs) is not null) ? "--shard and --jobs go with --once."
            : isOnce && arguments.GetValue(maxDeliver) is not null ? "--max-deliver goes with --nats."
            : null;
    }
}
