using System.CommandLine;
using System.CommandLine.Parsing;

namespace RolloutTrace.Cli;

/// <summary>Arguments that name files and directories.</summary>
internal static class PathArguments
{
    /// <summary>Paths, each a bundle or a directory that holds some.</summary>
    public static Argument<string[]> CreateBundles(ArgumentArity arity)
    {
        var argument = new Argument<string[]>("path")
        {
            Description = $"A bundle, or its manifest.json or trace.jsonl; a packed one; a zip, tar or tar.gz of bundles; a directory with bundles at any depth below it; s3://bucket/prefix or nats://host:port/BUCKET, a store, or an object or a day of it; or '{RolloutRoot.Last}', or the beginning or end of a rollout's id, trace id or directory, of those in {RolloutRoot.Variable} or {RolloutRoot.Default}.",
            Arity = arity,
        };
        argument.CustomParser = static result => [.. result.Tokens.Select(static token => token.Value)];
        argument.Validators.Add(RefuseUnknownOptions);
        return argument;
    }

    /// <summary>Paths of what is imported.</summary>
    public static Argument<string[]> CreateInputs()
    {
        var argument = new Argument<string[]>("path")
        {
            Description = "A file, or a directory with files at any depth below it; hidden ones there are left out. Without any, lists the session logs of this machine.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        argument.CustomParser = static result => [.. result.Tokens.Select(static token => token.Value)];
        argument.Validators.Add(RefuseUnknownOptions);
        return argument;
    }

    // An argument takes whatever no option wants; a mistyped option must not pass for a path.
    private static void RefuseUnknownOptions(ArgumentResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (token.Value.Length > 1 && token.Value[0] == '-' && !Path.Exists(token.Value))
            {
                var options = (result.Parent as CommandResult)?.Command.Options ?? [];
                var meant = Suggestions.Of(token.Value.Split('=')[0], options.SelectMany(static option => option.Aliases.Prepend(option.Name)));
                result.AddError($"Unrecognized option '{token.Value}'.{(meant is null ? "" : $" Did you mean '{meant}'?")}");
            }
        }
    }
}
