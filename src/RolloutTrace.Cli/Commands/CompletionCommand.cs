using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace completion</c>: prints the script that makes a shell complete the command's lines.</summary>
internal sealed class CompletionCommand : Command, IDocumentedCommand
{
    // Each asks the command itself, by the directive that the command line library answers, and else completes files.
    private const string Bash = """
        _rollout_trace() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(rollout-trace "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _rollout_trace rollout-trace
        """;

    private const string Zsh = """
        _rollout_trace() {
            local -a found
            found=("${(@f)$(rollout-trace "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a found
            _files
        }
        compdef _rollout_trace rollout-trace
        """;

    private const string Fish = """
        complete -c rollout-trace -a '(rollout-trace "[suggest:"(commandline -C)"]" (commandline -p) 2>/dev/null)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName rollout-trace -ScriptBlock {
            param($word, $line, $position)
            rollout-trace "[suggest:$position]" "$line" | Where-Object { $_ -like "$word*" } | ForEach-Object { $_ }
        }
        """;

    private readonly CommandConsole console;
    private readonly Argument<string> shell = new("shell") { Description = "bash, zsh, fish or powershell.", HelpName = "shell" };

    public CompletionCommand(CommandConsole console)
        : base("completion", "Print the script that makes a shell complete the command: its commands, options and files.")
    {
        this.console = console;
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "powershell");
        Add(shell);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("source <(rollout-trace completion bash)", "for this shell; put the line into ~/.bashrc for all"),
        ("rollout-trace completion fish > ~/.config/fish/completions/rollout-trace.fish", "for every fish"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "printed"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        console.Out.WriteLine((arguments.GetRequiredValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            _ => PowerShell,
        }).ReplaceLineEndings("\n"));
        return ExitCodes.Success;
    }
}
