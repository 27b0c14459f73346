using System.Diagnostics;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Payloads;
using RolloutTrace.Spans;

namespace RolloutTrace;

/// <summary>Input to a command that runs in a terminal, or a look at its output, that carries out a tool call.</summary>
public sealed class StdinRuntime : ToolRuntime
{
    private readonly CommandRuntimePayload begin;
    private readonly long? started;

    private StdinRuntime()
        : base(ToolCall.Disabled, ToolRuntimeForm.Input) =>
        begin = new CommandRuntimePayload { CallId = string.Empty, TurnId = string.Empty, StartedAtMs = 0, Command = [], Cwd = string.Empty };

    private StdinRuntime(ToolCall tool, string terminalId, string input)
        : base(tool, ToolRuntimeForm.Input)
    {
        started = Rollout.Clock.Timestamp();
        begin = new CommandRuntimePayload
        {
            CallId = CallId,
            TurnId = TurnId,
            StartedAtMs = Rollout.Clock.NowMs(),
            Command = [],
            Cwd = string.Empty,
            ProcessId = OwnTerminal(terminalId),
            InteractionInput = input,
        };
    }

    internal static StdinRuntime Disabled { get; } = new();

    private protected override JsonPayload BeginPayload => JsonPayload.From(begin, PayloadJsonContext.Default.CommandRuntimePayload);

    /// <summary>The input was written and the output looked at.</summary>
    /// <param name="output">What the command wrote meanwhile.</param>
    /// <param name="exitCode">Its exit code, if it ended.</param>
    public void Complete(string output = "", int? exitCode = null)
    {
        if (!TryEnd())
        {
            return;
        }

        if (WantsTags && exitCode is { } code)
        {
            Activity!.SetTag(RolloutAttributes.Process.ExitCode, code);
        }

        End(ExecutionStatus.Completed, Rollout.IsRecorded ? EndPayload(output ?? string.Empty, exitCode) : default);
    }

    internal static StdinRuntime Start(ToolCall tool, string terminalId, string input)
    {
        // Of a terminal that has no name nothing else can be known.
        terminalId = EventText.Name(EventText.Id(terminalId));
        input ??= string.Empty;
        var creator = tool.Continues(terminalId);
        var tags = Tags(tool);
        tags.Add(RolloutAttributes.Terminal.Id, terminalId);
        var runtime = new StdinRuntime(tool, terminalId, input);

        // The call's start has been written, and it may never end.
        runtime.CarryLink(LinkKind.Continues, creator);
        return runtime.TryBegin("tool_runtime write_stdin", ActivityKind.Internal, tags) ? runtime : Disabled;
    }

    private protected override JsonPayload FailurePayload(ExecutionStatus status, string error) => ToolResultPayload.Of(result: default, error, toCode: false);

    // A command that runs on has no exit code yet; the format's other form of an end can do without.
    private JsonPayload EndPayload(string output, int? exitCode)
    {
        if (exitCode is not { } code)
        {
            var observation = JsonPayload.From(new TerminalOutputPayload(output), PayloadJsonContext.Default.TerminalOutputPayload);
            return ToolResultPayload.Of(observation, error: null, toCode: true);
        }

        var end = begin with
        {
            CompletedAtMs = Rollout.Clock.NowMs(),
            Stdout = output,
            Stderr = string.Empty,
            AggregatedOutput = new JoinedText(output),
            ExitCode = code,
            Duration = ElapsedTime.Of(Rollout.Clock.Since(started)),
            FormattedOutput = new JoinedText(output),
            Status = StatusName.Of(ExecutionStatus.Completed),
        };
        return JsonPayload.From(end, PayloadJsonContext.Default.CommandRuntimePayload);
    }
}
