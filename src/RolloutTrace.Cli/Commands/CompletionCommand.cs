using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace completion</c>: prints the script that makes a shell complete the command's lines.</summary>
internal sealed class CompletionCommand : Command, IDocumentedCommand
{
    // Each asks the command itself, by the directive that the command line library answers. Where nothing or an option could
    // stand, a path could too; where it answers with other words alone, nothing but one of them may stand.
    private const string Bash = """
        _rollout_trace() {
            local IFS=$'\n' word="${COMP_WORDS[COMP_CWORD]}"
            local found="$(rollout-trace "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)"
            COMPREPLY=($(compgen -W "${found}" -- "${word}"))
            if [[ -z "${found}" || $'\n'"${found}" == *$'\n-'* ]]; then
                COMPREPLY+=($(compgen -f -- "${word}"))
            fi
        }
        complete -o filenames -F _rollout_trace rollout-trace
        """;

    private const string Zsh = """
        _rollout_trace() {
            local -a found
            found=(${(f)"$(rollout-trace "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)"})
            (( $#found )) && compadd -a found
            [[ $#found -eq 0 || -n ${(M)found:#-*} ]] && _files
        }
        compdef _rollout_trace rollout-trace
        """;

    private const string Fish = """
        function __rollout_trace_complete
            set -l line (commandline -cp)
            set -l found (rollout-trace "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -r .+)
            set -q found[1]; and printf '%s\n' $found
            if not set -q found[1]; or string match -q -- '-*' $found
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c rollout-trace -f -a '(__rollout_trace_complete)'
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
        : base("completion", "Print the script that makes a shell complete commands: their names, options and files.")
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
