using RolloutTrace.Bundle;

namespace RolloutTrace.Benchmarks.Generation;

/// <summary>Plays agents' threads, turn by turn, into a bundle. A function of the shape alone.</summary>
internal sealed class BundleGenerator : IDisposable
{
    private const string Model = "gpt-5-codex";
    private const string Provider = "openai";
    private const string WorkingDirectory = "/home/dev/repo";
    private const long Epoch = 1770000000000;

    private readonly BundleShape shape;
    private readonly TextSource text;
    private readonly JsonText json;
    private ModelHistory history;
    private readonly BundleFiles files;
    private readonly string traceId;
    private string threadId;
    private string turnId = "";
    private long now = Epoch;
    private int calls;

    private BundleGenerator(BundleShape shape, string directory)
    {
        this.shape = shape;
        text = new TextSource(new Random(shape.Seed), shape.TextScale, shape.Realistic ? RealLines.All : null);
        json = new JsonText(shape.Indented);
        threadId = text.Uuid(now);
        traceId = text.Uuid(now);
        history = new ModelHistory(json, text, Model, threadId);
        files = new BundleFiles(directory, new BundleManifest { TraceId = traceId, RolloutId = threadId, RootThreadId = threadId, StartedAtUnixMs = now });
    }

    public static GeneratedBundle Generate(BundleShape shape, string directory)
    {
        using var generator = new BundleGenerator(shape, directory);
        generator.Run();
        return new GeneratedBundle(directory, generator.files.PayloadCount, generator.files.PayloadBytes);
    }

    public void Dispose() => files.Dispose();

    private void Run()
    {
        Append(new RolloutStartedEvent { TraceId = traceId, RootThreadId = threadId }, inThread: false);
        for (var agent = 1; agent <= shape.Agents; agent++)
        {
            if (agent > 1)
            {
                threadId = text.Uuid(now);
                history = new ModelHistory(json, text, Model, threadId);
            }

            PlayAgent(agent == 1 ? "turn-" : $"turn-{agent}-");
        }

        Append(new RolloutEndedEvent { Status = RolloutStatus.Completed });
    }

    private void PlayAgent(string turnPrefix)
    {
        Append(new ThreadStartedEvent { ThreadId = threadId, AgentPath = "/root", MetadataPayload = Metadata() }, inThread: false);
        foreach (var item in OpeningItems())
        {
            history.Add(item);
        }

        for (var turn = 1; turn <= shape.Turns; turn++)
        {
            turnId = $"{turnPrefix}{turn}";
            if (shape.CompactEvery > 0 && turn > 1 && turn % shape.CompactEvery == 1)
            {
                turnId = $"{turnPrefix}{turn}-compact";
                Turn(() => Compact(turn));
                turnId = $"{turnPrefix}{turn}";
            }

            Turn(PlayTurn);
        }

        turnId = "";
        Append(new ThreadEndedEvent { ThreadId = threadId, Status = RolloutStatus.Completed });
    }

    private void Turn(Action play)
    {
        Append(new CodexTurnStartedEvent { CodexTurnId = turnId, ThreadId = threadId });
        Breadcrumb("turn_started", new { type = "turn_started", turn_id = turnId, model_context_window = 272000 });
        play();
        Breadcrumb("turn_complete", new { type = "turn_complete", turn_id = turnId, last_agent_message = text.Prose(6) });
        Append(new CodexTurnEndedEvent { CodexTurnId = turnId, Status = ExecutionStatus.Completed });
    }

    private void PlayTurn()
    {
        var prompt = text.Prose(5);
        Breadcrumb("user_message", new { type = "user_message", message = prompt, images = Array.Empty<string>() });
        history.Add(Message("user", "input_text", prompt));

        for (var step = 0; step < 2; step++)
        {
            var call = new Command($"call_{++calls}", text.Command());
            // A runtime dispatches a call as soon as its item has streamed in, which may be before the response is complete.
            var dispatchEarly = text.OneIn(4);
            RequestModel(
                reason: step == 0 || text.OneIn(4),
                answer: new { type = "function_call", name = "exec_command", arguments = call.Arguments, call_id = call.CallId },
                beforeCompletion: dispatchEarly ? () => StartTool(call) : null);
            if (!dispatchEarly)
            {
                StartTool(call);
            }

            RunTool(call);
        }

        var last = text.Prose(6);
        RequestModel(
            reason: text.OneIn(4),
            answer: new { type = "message", role = "assistant", content = new[] { new { type = "output_text", text = last } }, phase = "final_answer" },
            beforeCompletion: () => Breadcrumb("agent_message", new { type = "agent_message", message = last }));
        Breadcrumb("token_count", new { type = "token_count", info = new { total_token_usage = Usage() } });
    }

    private void RequestModel(bool reason, object answer, Action? beforeCompletion)
    {
        var inferenceId = text.Uuid(now);
        Append(new InferenceStartedEvent
        {
            InferenceCallId = inferenceId,
            ThreadId = threadId,
            CodexTurnId = turnId,
            Model = Model,
            ProviderName = Provider,
            RequestPayload = files.WritePayload(PayloadKind.InferenceRequest, history.Request()),
        });
        List<object> output = [];
        if (reason)
        {
            // The response holds the readable reasoning; later requests repeat only the blob.
            var blob = text.Blob(24);
            output.Add(new
            {
                type = "reasoning",
                summary = Array.Empty<object>(),
                content = new[] { new { type = "reasoning_text", text = text.Prose(12) } },
                encrypted_content = blob,
            });
            history.Add(new { type = "reasoning", summary = Array.Empty<object>(), encrypted_content = blob });
        }

        output.Add(answer);
        history.Add(answer);
        now += text.Next(400, 9000);
        beforeCompletion?.Invoke();
        var responseId = $"resp_{inferenceId}";
        Append(new InferenceCompletedEvent
        {
            InferenceCallId = inferenceId,
            ResponseId = responseId,
            UpstreamRequestId = $"req_{inferenceId[^12..]}",
            ResponsePayload = Write(PayloadKind.InferenceResponse, new
            {
                response_id = responseId,
                upstream_request_id = $"req_{inferenceId[^12..]}",
                token_usage = Usage(),
                output_items = output,
            }),
        });
    }

    private void StartTool(Command call)
    {
        Append(new ToolCallStartedEvent
        {
            ToolCallId = call.CallId,
            ModelVisibleCallId = call.CallId,
            Requester = ToolRequester.Model,
            Kind = ToolCallKind.Of(ToolCallKindType.ExecCommand),
            Summary = new GenericSummary { Label = "exec_command", InputPreview = call.Arguments },
            InvocationPayload = Write(PayloadKind.ToolInvocation, new
            {
                tool_name = "exec_command",
                tool_namespace = (string?)null,
                payload = new { type = "function", arguments = call.Arguments },
            }),
        });
    }

    private void RunTool(Command call)
    {
        var started = now;
        var processId = $"{10_000 + calls}";
        var failed = text.OneIn(8);
        var status = failed ? ExecutionStatus.Failed : ExecutionStatus.Completed;
        Append(new ToolCallRuntimeStartedEvent
        {
            ToolCallId = call.CallId,
            RuntimePayload = Write(PayloadKind.ToolRuntimeEvent, new
            {
                call_id = call.CallId,
                process_id = processId,
                turn_id = turnId,
                started_at_ms = started,
                command = call.Argv,
                cwd = WorkingDirectory,
                parsed_cmd = Array.Empty<object>(),
                source = "agent",
            }),
        });
        now += text.Next(5, 4000);
        // The runtime sees everything; the model is shown the little that fits its budget.
        var stdout = text.Output(20);
        var shown = $"Exit code: {(failed ? 1 : 0)}\n{text.Prose(3)}";
        Append(new ToolCallRuntimeEndedEvent
        {
            ToolCallId = call.CallId,
            Status = status,
            RuntimePayload = Write(PayloadKind.ToolRuntimeEvent, new
            {
                call_id = call.CallId,
                process_id = processId,
                turn_id = turnId,
                started_at_ms = started,
                completed_at_ms = now,
                command = call.Argv,
                cwd = WorkingDirectory,
                parsed_cmd = Array.Empty<object>(),
                source = "agent",
                stdout,
                stderr = failed ? text.Output(2) : "",
                aggregated_output = stdout,
                exit_code = failed ? 1 : 0,
                duration = new { secs = (now - started) / 1000, nanos = (now - started) % 1000 * 1_000_000 },
                formatted_output = shown,
                status = failed ? "failed" : "completed",
            }),
        });
        var output = new { type = "function_call_output", call_id = call.CallId, output = shown };
        Append(new ToolCallEndedEvent
        {
            ToolCallId = call.CallId,
            Status = status,
            ResultPayload = Write(PayloadKind.ToolResult, new { type = "direct_response", response_item = output }),
        });
        history.Add(output);
    }

    private void Compact(int turn)
    {
        var compactionId = $"compaction-{turnId}";
        var requestId = text.Uuid(now);
        Append(new CompactionRequestStartedEvent
        {
            CompactionId = compactionId,
            CompactionRequestId = requestId,
            ThreadId = threadId,
            CodexTurnId = turnId,
            Model = Model,
            ProviderName = Provider,
            RequestPayload = files.WritePayload(PayloadKind.CompactionRequest, history.Request()),
        });
        var summary = new { type = "compaction", encrypted_content = text.Blob(800) };
        Append(new CompactionRequestCompletedEvent
        {
            CompactionId = compactionId,
            CompactionRequestId = requestId,
            ResponsePayload = Write(PayloadKind.CompactionResponse, new { output_items = new[] { summary } }),
        });
        Append(new CompactionInstalledEvent
        {
            CompactionId = compactionId,
            CheckpointPayload = files.WritePayload(PayloadKind.CompactionCheckpoint, history.Replace([.. OpeningItems(), summary])),
        });
    }

    private static object[] OpeningItems() =>
    [
        Message("developer", "input_text", "<permissions>Commands run in a sandbox; ask before network access.</permissions>"),
        Message("user", "input_text", $"<environment_context><cwd>{WorkingDirectory}</cwd><shell>bash</shell></environment_context>"),
    ];

    private static object Message(string role, string type, string content) => new { type = "message", role, content = new[] { new { type, text = content } } };

    private PayloadReference Metadata() => Write(PayloadKind.SessionMetadata, new
    {
        thread_id = threadId,
        agent_path = "/root",
        task_name = (string?)null,
        nickname = (string?)null,
        agent_role = (string?)null,
        session_source = "cli",
        cwd = WorkingDirectory,
        rollout_path = (string?)null,
        model = Model,
        provider_name = Provider,
        approval_policy = "never",
        sandbox_policy = "danger-full-access",
    });

    private object Usage() => new
    {
        input_tokens = text.Next(1000, 200_000),
        cached_input_tokens = text.Next(0, 1000),
        output_tokens = text.Next(10, 4000),
        reasoning_output_tokens = text.Next(0, 2000),
        total_tokens = text.Next(1000, 206_000),
    };

    private void Breadcrumb(string type, object content) => Append(new ProtocolEventObservedEvent
    {
        EventType = type,
        EventPayload = Write(PayloadKind.ProtocolEvent, content),
    });

    private PayloadReference Write(PayloadKind kind, object document) => files.WritePayload(kind, json.Bytes(document));

    private void Append(RawEventPayload payload, bool inThread = true)
    {
        now += text.Next(0, 5);
        files.Append(now, inThread ? threadId : null, inThread && turnId.Length > 0 ? turnId : null, payload);
    }

    private sealed record Command(string CallId, string Line)
    {
        public string[] Argv => ["bash", "-lc", Line];

        public string Arguments { get; } = JsonText.Compact(new { cmd = Line });
    }
}
