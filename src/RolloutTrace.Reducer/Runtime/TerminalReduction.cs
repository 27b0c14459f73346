using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>Terminal operations and the processes that they work on.</summary>
internal sealed class TerminalReduction(ReplayState state, Tolerance tolerance)
{
    /// <summary>Notes on a tool's operation what the model sees of the tool.</summary>
    public static void Observe(ReplayState state, string toolId)
    {
        var tool = state.Tools[toolId];
        if (tool.TerminalOperationId is not { } operationId || (tool.ModelVisibleCallItemIds.Count == 0 && tool.ModelVisibleOutputItemIds.Count == 0))
        {
            return;
        }

        state.TerminalOperations.Set(operationId, state.TerminalOperations[operationId] with
        {
            ModelObservations =
            [
                new TerminalObservation { CallItemIds = tool.ModelVisibleCallItemIds, OutputItemIds = tool.ModelVisibleOutputItemIds },
            ],
        });
    }

    /// <summary>A write to standard input is known from what its caller asked for.</summary>
    public void StartFromInvocation(RawEvent raw, RecordedToolCall tool, PayloadReference reference, PayloadDocument invocation)
    {
        var inner = PayloadDocument.Member(invocation.Root, "payload");
        if (PayloadDocument.TextOrNull(invocation.Root, "tool_name") != "write_stdin" || PayloadDocument.TextOrNull(inner, "type") != "function")
        {
            throw ReductionFault.Payload($"{invocation.Name} is no function call of write_stdin, as tool call {tool.ToolCallId} is");
        }

        using var arguments = invocation.ParseText(inner, "arguments");
        var request = new WriteStdinRequest
        {
            Stdin = PayloadDocument.Member(arguments.Root, "chars").ValueKind == JsonValueKind.Undefined
                ? ""
                : arguments.RequiredString(arguments.Root, "chars"),
            YieldTimeMs = Unsigned(arguments, "yield_time_ms"),
            MaxOutputTokens = Unsigned(arguments, "max_output_tokens"),
        };
        Start(raw, tool, TerminalOperationKind.WriteStdin, request, SessionId(arguments), reference);
    }

    /// <summary>A command, or a write without an invocation, is known from how the runtime began.</summary>
    public void StartFromRuntime(RawEvent raw, RecordedToolCall tool, PayloadReference reference, PayloadDocument begin)
    {
        if (tool.TerminalOperationId is { } existing)
        {
            throw ReductionFault.Contradiction($"tool call {tool.ToolCallId} has the terminal operation {existing} already");
        }

        var terminalId = begin.OptionalString(begin.Root, "process_id");
        var command = Command(begin);
        var cwd = begin.RequiredString(begin.Root, "cwd");
        var input = begin.OptionalString(begin.Root, "interaction_input");
        if (tool.Kind.Type == ToolCallKindType.WriteStdin)
        {
            Start(raw, tool, TerminalOperationKind.WriteStdin, new WriteStdinRequest { Stdin = input ?? "" }, terminalId, reference);
        }
        else
        {
            var request = new ExecCommandRequest { Command = command, DisplayCommand = string.Join(' ', command), Cwd = cwd };
            Start(raw, tool, TerminalOperationKind.ExecCommand, request, terminalId, reference);
        }
    }

    /// <summary>Ends a tool's operation, if it has one.</summary>
    public void End(RawEvent raw, RecordedToolCall tool, ExecutionStatus status, PayloadReference? reference, PayloadDocument? payload)
    {
        if (tool.TerminalOperationId is not { } operationId)
        {
            return;
        }

        var operation = state.TerminalOperations[operationId];
        operation = operation with { Execution = operation.Execution.EndedBy(raw, status) };
        if (payload is null)
        {
            state.TerminalOperations.Set(operationId, operation);
            return;
        }

        var (processId, result) = TerminalResultPayload.Read(payload, acceptToolResult: operation.Kind == TerminalOperationKind.WriteStdin, state.Texts);
        if (processId is not null && operation.TerminalId is { } known && known != processId)
        {
            throw ReductionFault.Contradiction($"{operationId} changed its process id from {known} to {processId}");
        }

        var joins = processId is not null && operation.TerminalId is null;
        operation = operation with
        {
            TerminalId = operation.TerminalId ?? processId,
            Result = result,
            RawPayloadIds = operation.RawPayloadIds.Contains(reference!.RawPayloadId)
                ? operation.RawPayloadIds
                : operation.RawPayloadIds.Append(reference.RawPayloadId),
        };
        state.TerminalOperations.Set(operationId, operation);
        if (joins)
        {
            Join(operation, tool.ThreadId);
        }
    }

    private void Start(RawEvent raw, RecordedToolCall tool, TerminalOperationKind kind, TerminalRequest request, string? terminalId, PayloadReference payload)
    {
        var operation = new TerminalOperation
        {
            OperationId = ObjectIds.TerminalOperation(++state.LastOperationNumber.Value),
            TerminalId = terminalId,
            ToolCallId = tool.ToolCallId,
            Kind = kind,
            Execution = ExecutionWindow.StartedBy(raw),
            Request = request,
            RawPayloadIds = IdList.Empty.Append(payload.RawPayloadId),
            Otel = raw.Otel?.Reference,
        };
        state.TerminalOperations.Set(operation.OperationId, operation);
        state.Tools.Set(tool.ToolCallId, state.Tools[tool.ToolCallId] with
        {
            TerminalOperationId = operation.OperationId,
            Summary = new TerminalSummary { OperationId = operation.OperationId },
        });
        if (terminalId is not null)
        {
            Join(operation, tool.ThreadId);
        }

        Observe(state, tool.ToolCallId);
    }

    private void Join(TerminalOperation operation, string threadId)
    {
        var terminalId = operation.TerminalId!;
        if (state.TerminalSessions.Find(terminalId) is not { } session)
        {
            session = new TerminalSession
            {
                TerminalId = terminalId,
                ThreadId = threadId,
                CreatedByOperationId = operation.OperationId,
                OperationIds = IdList.Empty,
                Execution = operation.Execution with { EndedAtUnixMs = null, EndedSeq = null, Status = ExecutionStatus.Running },
            };
        }
        else if (session.ThreadId != threadId)
        {
            throw ReductionFault.Contradiction($"the terminal {terminalId} belongs to thread {session.ThreadId}, not {threadId}");
        }

        state.TerminalSessions.Set(terminalId, session with { OperationIds = session.OperationIds.Append(operation.OperationId) });
    }

    // Codex reads these as numbers without a sign.
    private long? Unsigned(PayloadDocument arguments, string member)
    {
        var number = arguments.OptionalInteger(arguments.Root, member);
        if (number is not < 0)
        {
            return number;
        }

        tolerance.Accept(new Defect
        {
            Severity = DiagnosticSeverity.Warning,
            Code = DiagnosticCodes.ItemUnsound,
            What = $"{arguments.Name} has the negative {member} {number}",
            Kept = "the operation is kept without it",
        });
        return null;
    }

    private static string SessionId(PayloadDocument arguments)
    {
        var id = PayloadDocument.Member(arguments.Root, "session_id");
        var text = id.ValueKind switch
        {
            JsonValueKind.String => id.GetString()!,
            JsonValueKind.Number => id.GetRawText(),
            _ => "",
        };
        return text.Length > 0 ? text : throw ReductionFault.Payload($"{arguments.Name} has no session_id");
    }

    private static string[] Command(PayloadDocument begin)
    {
        var command = PayloadDocument.Member(begin.Root, "command");
        return command.ValueKind == JsonValueKind.Array
            ?
            [
                .. command.EnumerateArray().Select(word => word.ValueKind == JsonValueKind.String
                    ? word.GetString()!
                    : throw ReductionFault.Payload($"{begin.Name} has a 'command' that does not consist of strings")),
            ]
            : throw ReductionFault.Payload($"{begin.Name} has no list 'command'");
    }
}
