using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary>Where the rollouts of many machines lie, and are announced.</summary>
internal sealed class FleetOptions(string natsMeaning)
{
    private const int MostReplicas = 5;

    private readonly Option<string> store = new("--store") { Description = "The store: a directory, s3://bucket/prefix (keys, region and endpoint from the variables AWS_*), or nats://host:port/BUCKET.", HelpName = "URL", Required = true };
    private readonly Option<string?> nats = new("--nats") { Description = $"NATS servers with JetStream, several with commas between. {natsMeaning}.", HelpName = "URL" };
    private readonly Option<int?> replicas = CreateReplicas();

    public Option<string?> Nats => nats;

    public void AddTo(Command command, bool withReplicas)
    {
        command.Add(store);
        command.Add(nats);
        if (withReplicas)
        {
            command.Add(replicas);
        }
    }

    /// <summary>What the command line says.</summary>
    public FleetAddresses Of(ParseResult arguments) =>
        new(arguments.GetRequiredValue(store), arguments.GetValue(nats), arguments.GetValue(replicas) ?? 1);

    private static Option<int?> CreateReplicas()
    {
        var option = CountOption.Create("--replicas", "On how many servers of a NATS cluster is kept what is not there yet: streams, and an object store. Default: 1.");
        option.Validators.Add(static result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number > MostReplicas)
            {
                result.AddError($"--replicas takes a whole number from 1 to {MostReplicas}, not '{number}'.");
            }
        });
        return option;
    }
}
