using System.Diagnostics;
using System.Globalization;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Payloads;
using RolloutTrace.Spans;

namespace RolloutTrace;

/// <summary>A command that carries out a tool call.</summary>
public sealed class CommandRuntime : ToolRuntime
{
    private const int NoExitCode = -1;

    private readonly long? started;
    private CommandRuntimePayload begin;
    private string? terminalId;

    private CommandRuntime()
        : base(ToolCall.Disabled, ToolRuntimeForm.Command) =>
        begin = new CommandRuntimePayload { CallId = string.Empty, TurnId = string.Empty, StartedAtMs = 0, Command = [], Cwd = string.Empty };

    private CommandRuntime(ToolCall tool, string[] command, string workingDirectory, in CommandOptions options)
        : base(tool, ToolRuntimeForm.Command)
    {
        started = Rollout.Clock.Timestamp();
        terminalId = EventText.Id(options.TerminalId);
        begin = new CommandRuntimePayload
        {
            CallId = CallId,
            TurnId = TurnId,
            StartedAtMs = Rollout.Clock.NowMs(),
            Command = command,
            Cwd = workingDirectory ?? string.Empty,
            ProcessId = OwnTerminal(options.TerminalId),
            InteractionInput = options.Input,
        };
    }

    internal static CommandRuntime Disabled { get; } = new();

    private protected override JsonPayload BeginPayload => JsonPayload.From(begin, PayloadJsonContext.Default.CommandRuntimePayload);

    /// <summary>The operating system has given the process its id.</summary>
    public void ProcessStarted(int processId)
    {
        if (WantsTags)
        {
            Activity!.SetTag(RolloutAttributes.Process.Pid, processId);
        }

        Carry(RolloutAttributes.Process.Pid, processId);
    }

    /// <summary>
    /// The command goes on in a terminal, by whose id later calls write to it. Only the first one given counts, whether here or at
    /// the start.
    /// </summary>
    public void TerminalAssigned(string terminalId)
    {
        if (IsEnabled && this.terminalId is null && EventText.Id(terminalId) is { } id)
        {
            this.terminalId = id;
            begin = begin with { ProcessId = OwnTerminal(id) };
            SetTerminal(id);
        }
    }

    /// <summary>The process ended. An exit code other than 0 counts as failed.</summary>
    /// <param name="exitCode">The exit code.</param>
    /// <param name="output">What it wrote; nothing by default.</param>
    public void Exit(int exitCode, in CommandOutput output = default)
    {
        if (TryEnd())
        {
            RecordExit(exitCode, output);
        }
    }

    // By itself, so that nothing is made ready for it where nobody listens.
    private void RecordExit(int exitCode, in CommandOutput output)
    {
        if (WantsTags)
        {
            Activity!.SetTag(RolloutAttributes.Process.ExitCode, exitCode);
        }

        var status = exitCode == 0 ? ExecutionStatus.Completed : ExecutionStatus.Failed;
        var failure = exitCode == 0 ? default : new Failure(
            Rollout.Content is null ? null : CommandWords.Of(exitCode, output.Stderr ?? string.Empty, output.Stdout ?? string.Empty),
            exitCode.ToString(CultureInfo.InvariantCulture));
        End(status, EndPayload(exitCode, output, StatusName.Of(status)), failure);
    }

    /// <summary>Nobody allowed the command; it never ran.</summary>
    /// <param name="reason">What the model is told.</param>
    public void Decline(string reason)
    {
        if (TryEnd())
        {
            End(ExecutionStatus.Failed, EndPayload(NoExitCode, new CommandOutput { Stderr = reason ?? EventText.Unknown }, "declined"), new Failure(reason ?? EventText.Unknown, "declined"));
        }
    }

    internal static CommandRuntime Start(ToolCall tool, ReadOnlySpan<string> command, string workingDirectory, in CommandOptions options)
    {
        var runtime = new CommandRuntime(tool, Array.ConvertAll(command.ToArray(), static part => part ?? string.Empty), workingDirectory, options);
        var executable = command.IsEmpty ? "command" : Executable(command[0]);
        var tags = Tags(tool);
        tags.Add(RolloutAttributes.Process.ExecutableName, executable);
        tags.Add(RolloutAttributes.Terminal.Id, options.TerminalId);
        if (options.ProcessId is { } processId)
        {
            runtime.Carry(RolloutAttributes.Process.Pid, processId);
            tags.Add(new KeyValuePair<string, object?>(RolloutAttributes.Process.Pid, processId));
        }

        if (runtime.terminalId is { } terminalId)
        {
            tool.Turn.Session.Terminals.Add(terminalId, tool.SpanContext);
        }

        return runtime.TryBegin(SpanTags.Cut(executable), ActivityKind.Client, tags) ? runtime : Disabled;
    }

    private protected override void SetContent()
    {
        if (Content is { } content && begin.Command.Count > 0)
        {
            var (words, missingWords, missingBytes) = content.OfCommand(begin.Command);
            SetContent(RolloutAttributes.Process.CommandArgs, words, missingWords, missingBytes);
        }
    }

    private protected override JsonPayload FailurePayload(ExecutionStatus status, string error) => EndPayload(NoExitCode, new CommandOutput { Stderr = error }, "failed");

    private JsonPayload EndPayload(int exitCode, in CommandOutput output, string status)
    {
        if (!Rollout.IsRecorded)
        {
            return default;
        }

        var (stdout, stderr) = (output.Stdout ?? string.Empty, output.Stderr ?? string.Empty);
        var both = new JoinedText(stdout, stderr);
        var end = begin with
        {
            CompletedAtMs = Rollout.Clock.NowMs(),
            Stdout = stdout,
            Stderr = stderr,
            AggregatedOutput = output.Aggregated is null ? both : new JoinedText(output.Aggregated),
            ExitCode = exitCode,
            Duration = ElapsedTime.Of(Rollout.Clock.Since(started)),
            FormattedOutput = output.Formatted is null ? both : new JoinedText(output.Formatted),
            Status = status,
        };
        return JsonPayload.From(end, PayloadJsonContext.Default.CommandRuntimePayload);
    }

    // The last part of the path, which may be endless.
    private static string Executable(string? path)
    {
        var name = Path.GetFileName(path.AsSpan());
        return EventText.Name(name[..Math.Min(name.Length, EventText.MaxName)].ToString());
    }

    private void SetTerminal(string terminalId)
    {
        Tool.Turn.Session.Terminals.Add(terminalId, Tool.SpanContext);
        if (WantsTags && !HasEnded)
        {
            Activity!.Set(RolloutAttributes.Terminal.Id, terminalId);
        }
    }
}
