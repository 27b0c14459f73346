using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>
/// What the commands that answer questions about bundles have in common: each bundle is reduced in memory, a bundle
/// that cannot be read does not stop the others, and answers come as text or as one JSON document for all bundles.
/// </summary>
/// <typeparam name="T">The answer about one bundle.</typeparam>
internal abstract class QueryCommand<T> : Command, IDocumentedCommand
    where T : class
{
    private readonly BundleArguments paths;
    private readonly OutputFormat format = new("one document with the answer for each bundle.");

    // The joined bundle is gone when the command has ended.
    private bool isJoined;

    protected QueryCommand(CommandConsole console, string name, string description, bool takesOnePath = false)
        : base(name, description)
    {
        Console = console;
        paths = new BundleArguments(takesOnePath ? ArgumentArity.ExactlyOne : ArgumentArity.OneOrMore);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public abstract IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; }

    /// <inheritdoc/>
    public virtual IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "answered"),
        (ExitCodes.Failure, "at least one bundle could not be read, or has not what was asked for"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    protected CommandConsole Console { get; }

    /// <summary>The contract of the answers in JSON.</summary>
    protected abstract JsonTypeInfo<BundleAnswers<T>> AnswerType { get; }

    /// <summary>Adds the paths and the option for the format, where they belong among a command's own.</summary>
    protected void AddPathsAndFormat()
    {
        paths.AddTo(this);
        format.AddTo(this);
    }

    /// <summary>The answer about one bundle.</summary>
    /// <exception cref="QueryException">The bundle has not what is asked for.</exception>
    protected abstract T Ask(OpenRollout rollout, ParseResult arguments);

    /// <summary>Says the answer to people.</summary>
    protected abstract void Show(T answer, OpenRollout rollout, Screen screen, ParseResult arguments);

    /// <summary>Whether an answer about one bundle of many is worth being shown.</summary>
    protected virtual bool IsWorthShowing(T answer) => true;

    /// <summary>What an answer means for the exit code.</summary>
    protected virtual int ExitCodeOf(T answer) => ExitCodes.Success;

    /// <summary>Whether the command line means several bundles.</summary>
    protected bool IsOneOfMany { get; private set; }

    /// <summary>The bundle that an answer is shown of, as the command line names it.</summary>
    protected string Bundle { get; private set; } = "";

    /// <summary>Says the command that answers what people ask next about the bundle; of several bundles nothing.</summary>
    protected void ShowNext(Screen screen, string command, params IEnumerable<string> arguments)
    {
        if (!IsOneOfMany && !isJoined)
        {
            NextCommand.Show(screen, Bundle, command, arguments);
        }
    }

    /// <summary>Whether the answer is for programs.</summary>
    protected bool IsJson(ParseResult arguments) => format.IsJson(arguments);

    /// <summary>Says what can only be said when all bundles were asked, and gives the run's exit code.</summary>
    protected virtual int Finish(int exitCode, ParseResult arguments, bool isJson) => exitCode;

    /// <summary>The exit code of the run, of one for each bundle.</summary>
    protected virtual int ExitCodeOf(IReadOnlyCollection<int> ofBundles) => ofBundles.Max();

    private int Run(ParseResult arguments)
    {
        var isJson = format.IsJson(arguments);
        using var together = paths.Read(Console, arguments);
        var bundles = together.Bundles;
        isJoined = together.IsJoined;
        IsOneOfMany = bundles.Count > 1;
        var answers = new List<BundleAnswer<T>>();
        var screen = new Screen(Console);
        var exitCodes = new List<int>();
        foreach (var bundle in bundles)
        {
            string? problem = null;
            using var opened = bundle.Problem is null ? Open(bundle, out problem) : null;
            var (answer, rollout) = Ask(bundle, opened, problem ?? bundle.Problem, arguments);
            exitCodes.Add(answer.Result is null ? ExitCodes.Failure : ExitCodeOf(answer.Result));
            if (isJson)
            {
                answers.Add(answer);
                continue;
            }

            Show(answer, rollout, screen, arguments, bundles.Count > 1);
        }

        if (isJson)
        {
            JsonOutput.Write(Console, new BundleAnswers<T> { Bundles = answers }, AnswerType);
        }

        return Finish(ExitCodeOf(exitCodes), arguments, isJson);
    }

    private static OpenedBundle? Open(FoundBundle bundle, out string? problem)
    {
        try
        {
            problem = null;
            return bundle.Open();
        }
        catch (BundleException e)
        {
            problem = e.Message;
            return null;
        }
    }

    private (BundleAnswer<T> Answer, OpenRollout? Rollout) Ask(FoundBundle bundle, OpenedBundle? opened, string? problem, ParseResult arguments)
    {
        if (opened is null)
        {
            return (new BundleAnswer<T> { Bundle = bundle.Path, Error = problem }, null);
        }

        try
        {
            var rollout = OpenRollout.Open(opened.Reader, new OpenRolloutOptions { Time = Console.Time });
            return (new BundleAnswer<T> { Bundle = bundle.Path, Result = Ask(rollout, arguments), Diagnostics = CommandConsole.CountOf(rollout.Diagnostics) }, rollout);
        }
        catch (BundleException e)
        {
            return (new BundleAnswer<T> { Bundle = bundle.Path, Error = e.Message }, null);
        }
        catch (QueryException e)
        {
            return (new BundleAnswer<T> { Bundle = bundle.Path, Error = $"{bundle.Path}: {e.Message}" }, null);
        }
    }

    private void Show(BundleAnswer<T> answer, OpenRollout? rollout, Screen screen, ParseResult arguments, bool isOneOfMany)
    {
        if (answer.Result is null || rollout is null)
        {
            Console.Out.Flush();
            Console.Tell($"error: {answer.Error}");
            return;
        }

        Console.TellOfDefects(answer.Bundle, rollout);
        if (isOneOfMany && !IsWorthShowing(answer.Result))
        {
            return;
        }

        if (isOneOfMany)
        {
            screen.Uncut(answer.Bundle, Emphasis.Title);
        }

        Bundle = answer.Bundle;
        Show(answer.Result, rollout, screen, arguments);
        if (isOneOfMany)
        {
            screen.Line();

            // Whether anybody still reads is known now, before the next one is worked on.
            Console.Out.Flush();
        }
    }
}
