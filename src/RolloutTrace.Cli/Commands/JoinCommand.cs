using System.CommandLine;
using RolloutTrace.Bundle;
using RolloutTrace.Joining;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace join</c>: the bundles of several processes as one.</summary>
internal sealed class JoinCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly Argument<string[]> paths = PathArguments.CreateBundles(ArgumentArity.OneOrMore);
    private readonly Option<string> output = new("--output", "-o") { Description = "The directory of the joined bundle, which must not exist or be empty.", HelpName = "DIR", Required = true };
    private readonly Option<string?> root = new("--root") { Description = "The root, where the bundles are several trees: its rollout id, the trace id of one of its bundles, or the id of its root thread.", HelpName = "ID" };
    private readonly OutputFormat format = new("one document.");

    public JoinCommand(CommandConsole console)
        : base("join", "Join bundles of several processes into one rollout. Each process has recorded one for itself, or a rollout was resumed: agents that were called from other processes become agents below those that called them. Clocks are put right as far as causes show it. The joined bundle is one that every command reads; the others are not changed. Prints its path.")
    {
        this.console = console;
        Add(paths);
        Add(output);
        Add(root);
        format.AddTo(this);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace join rollout-traces -o joined", "join all that belongs together"),
        ("rollout-trace join caller/trace-018f-019a helper.rollout.tar.zst -o joined", "a bundle and a packed one, from two machines"),
        ("rollout-trace join rollout-traces -o joined --root 019d0000-0000-7000-8000-000000000001", "one of several trees"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "joined"),
        (ExitCodes.Findings, "joined; bundles whose caller is not there, or cannot be told, stay apart and are named"),
        (ExitCodes.Failure, "a bundle could not be read, the bundles are no tree or several, or the joined one could not be written"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        var target = arguments.GetRequiredValue(output);
        var bundles = console.FindBundles(arguments.GetRequiredValue(paths));
        if (bundles.FirstOrDefault(static bundle => bundle.Problem is not null) is { } none)
        {
            return Fail(none.Problem!);
        }

        if ((bundles.Select(bundle => WhyNot(bundle.Path, target)).FirstOrDefault(static why => why is not null) ?? AtomicDirectory.WhyNot(target)) is { } problem)
        {
            return Fail(problem);
        }

        JoinResult? result = null;
        try
        {
            AtomicDirectory.Write(target, directory =>
            {
                result = JoinSources.Join(bundles, directory, arguments.GetValue(root));
                return true;
            });
        }
        catch (Exception e) when (e is JoinException or BundleException)
        {
            return Fail(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail($"{target}: cannot be written: {SystemWords.Of(e)}");
        }

        Show(target, result!, arguments);
        return result!.Apart.Count > 0 ? ExitCodes.Findings : ExitCodes.Success;
    }

    private void Show(string target, JoinResult result, ParseResult arguments)
    {
        var answer = new JoinAnswer
        {
            Output = target,
            Parts = [.. result.Parts.Select(static part => new JoinedPartAnswer(part.TraceId, part.RolloutId, part.ShiftMs))],
            Apart = result.Apart,
            Notes = result.Notes,
            Events = result.Events,
            Payloads = result.Payloads,
        };
        if (format.IsJson(arguments))
        {
            JsonOutput.Write(console, answer, ReportJsonContext.Default.JoinAnswer);
            return;
        }

        console.WritePath(target);
        console.Tell($"{Wording.Of(answer.Parts.Count, "bundle")} joined: {Wording.Of(answer.Events, "event")}, {Wording.Of(answer.Payloads, "payload")}");
        foreach (var part in answer.Parts.Where(static part => part.ShiftMs != 0))
        {
            console.Tell($"rollout {part.RolloutId}: its clock is moved by {part.ShiftMs} ms");
        }

        foreach (var note in answer.Notes)
        {
            console.Tell(note);
        }

        foreach (var apart in answer.Apart)
        {
            console.Tell($"{apart.Path}: stays apart: {apart.Reason}");
        }
    }

    private int Fail(string problem)
    {
        console.Tell($"error: {problem}");
        return ExitCodes.Failure;
    }

    private static string? WhyNot(string source, string target)
    {
        var inside = Path.GetRelativePath(source, target);
        return inside == "." || !(inside.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(inside)) ? $"{target}: lies in {source}, which is to be joined" : null;
    }
}
