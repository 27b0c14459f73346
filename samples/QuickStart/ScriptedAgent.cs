using RolloutTrace;

namespace QuickStart;

/// <summary>
/// An agent with a helper that works through a fixed task, as a model would have it: it goes through every boundary that can be
/// traced. What it asks its models and what they answer is in <see cref="Conversation"/>; the rest is what a real agent does
/// around its own code.
/// </summary>
internal static class ScriptedAgent
{
    /// <summary>Returns the name of the bundle; null when nobody records.</summary>
    /// <param name="output">Where the agents say what they do.</param>
    /// <param name="captureMessageContent">Whether spans hold what was said; null for what the environment says.</param>
    public static string? Run(TextWriter output, bool? captureMessageContent = null)
    {
        using var session = RolloutTracing.StartSession(new()
        {
            Model = "gpt-5",
            ProviderName = "openai",
            WorkingDirectory = "/workspace",
            CaptureMessageContent = captureMessageContent,
        });
        var conversation = new Conversation(session, new Narrator(output));
        using (var turn = session.StartTurn())
        {
            conversation.Add(Item.User("Greet Ada in a terminal, have the greeting reviewed, and note it down."));
            conversation.AskInVain(turn, "503 Service Unavailable: try again", errorType: "503");

            RunCommand(turn, conversation);
            using var reviewer = HaveItReviewed(turn, conversation);
            FollowUp(turn, conversation, reviewer);
            RunCode(turn, conversation);
            Patch(turn, conversation);
            Compact(turn, conversation);

            conversation.Ask(turn, Item.Assistant("Ada is greeted."));
            turn.ProtocolEventObserved("token_count", JsonPayload.OfJson("""{"type":"token_count","total_tokens":1234}"""));
            turn.Complete();
        }

        using (var turn = session.StartTurn())
        {
            conversation.Add(Item.User("And now in Latin."));
            conversation.Interrupt(turn);
            turn.Cancel();
        }

        session.Complete();
        return session.BundleName;
    }

    /// <summary>A command that goes on in a terminal until a second call writes to it.</summary>
    private static void RunCommand(Turn turn, Conversation conversation)
    {
        const string Arguments = """{"cmd":"read name; echo Hello, $name"}""";
        var request = conversation.Ask(turn, Item.Reasoning("A shell can greet."), Item.FunctionCall("call_1", "exec_command", Arguments));
        using var shell = turn.StartToolCall(new() { Name = "exec_command", CallId = "call_1", Arguments = JsonPayload.OfJson(Arguments), CausedBy = request });
        using var command = shell.StartCommand(Greeter.Command, Environment.CurrentDirectory);
        using var greeter = Greeter.Start();
        command.ProcessStarted(greeter.ProcessId);
        command.TerminalAssigned("1001");
        shell.Complete(conversation.Add(Item.FunctionOutput("call_1", "Process running with session ID 1001")));

        const string Input = """{"session_id":1001,"chars":"Ada\n"}""";
        request = conversation.Ask(turn, Item.FunctionCall("call_2", "write_stdin", Input));
        using var stdin = turn.StartToolCall(new() { Name = "write_stdin", CallId = "call_2", Arguments = JsonPayload.OfJson(Input), CausedBy = request });
        var (output, exitCode) = greeter.Greet("Ada");
        command.Exit(exitCode, new() { Stdout = output });
        stdin.Complete(conversation.Add(Item.FunctionOutput("call_2", output)));
    }

    /// <summary>A child agent gets a task and gives a result.</summary>
    private static Helper HaveItReviewed(Turn turn, Conversation conversation)
    {
        const string Arguments = """{"message":"Is 'Hello, Ada' polite?","task_name":"reviewer"}""";
        var request = conversation.Ask(turn, Item.FunctionCall("call_3", "spawn_agent", Arguments));
        using var spawn = turn.StartToolCall(new() { Name = "spawn_agent", CallId = "call_3", Arguments = JsonPayload.OfJson(Arguments), CausedBy = request });
        var helper = new Helper(conversation.Session.SpawnAgent("reviewer", causedBy: spawn, new() { AgentRole = "reviewer" }), conversation.Narrator);
        spawn.Complete(conversation.Add(Item.FunctionOutput("call_3", helper.Session.AgentPath)));

        helper.Hear(conversation.Session, "Is 'Hello, Ada' polite?");
        helper.Work("It is polite.", resultFor: conversation);
        return helper;
    }

    /// <summary>A message and a further task for the child, its second result, and its end.</summary>
    private static void FollowUp(Turn turn, Conversation conversation, Helper reviewer)
    {
        const string Message = """{"target":"/root/reviewer","message":"Thank you."}""";
        const string Task = """{"target":"/root/reviewer","message":"Check the spelling too."}""";
        const string Target = """{"target":"/root/reviewer"}""";
        var request = conversation.Ask(turn, Item.FunctionCall("call_4", "send_message", Message), Item.FunctionCall("call_5", "followup_task", Task));
        using var send = turn.StartToolCall(new() { Name = "send_message", CallId = "call_4", Arguments = JsonPayload.OfJson(Message), CausedBy = request });
        reviewer.Hear(conversation.Session, "Thank you.");
        send.MessageSent(reviewer.Session);
        send.Complete(conversation.Add(Item.FunctionOutput("call_4", "sent")));

        using var assign = turn.StartToolCall(new() { Name = "followup_task", CallId = "call_5", Arguments = JsonPayload.OfJson(Task), CausedBy = request });
        reviewer.Hear(conversation.Session, "Check the spelling too.");
        assign.TaskAssigned(reviewer.Session);
        assign.Complete(conversation.Add(Item.FunctionOutput("call_5", "assigned")));
        reviewer.Work("No mistakes.", resultFor: conversation);

        request = conversation.Ask(turn, Item.FunctionCall("call_6", "close_agent", Target));
        using var close = turn.StartToolCall(new() { Name = "close_agent", CallId = "call_6", Arguments = JsonPayload.OfJson(Target), CausedBy = request });
        close.AgentClosed(reviewer.Session);
        reviewer.Session.Complete();
        close.Complete(conversation.Add(Item.FunctionOutput("call_6", "closed")));
    }

    /// <summary>Model-written code calls a tool of an MCP server, gives an early answer and is waited for.</summary>
    private static void RunCode(Turn turn, Conversation conversation)
    {
        const string Source = "text(await tools.search_docs({ q: 'greeting' }))";
        const string Query = """{"q":"greeting"}""";
        const string Cell = """{"cell_id":"1"}""";
        var request = conversation.Ask(turn, Item.CustomCall("call_7", "exec", Source));
        using var cell = turn.StartCodeCell(new() { CallId = "call_7", Source = Source, RuntimeCellId = "1", CausedBy = request });
        using var nested = cell.StartToolCall(new() { Name = "search_docs", McpServer = "docs", McpTool = "search", Arguments = JsonPayload.OfJson(Query) });
        var meta = nested.AssignMcpCallId();
        using var mcp = nested.StartMcpCall(JsonPayload.OfJson(Query));
        cell.Yielded(JsonPayload.OfJson("""{"Yielded":{"cell_id":"1","content_items":[]}}"""));
        conversation.Add(Item.CustomOutput("call_7", "Script running with cell ID 1"));

        request = conversation.Ask(turn, Item.FunctionCall("call_8", "wait", Cell));
        using var wait = turn.StartToolCall(new() { Name = "wait", CallId = "call_8", Arguments = JsonPayload.OfJson(Cell), CausedBy = request, WaitsFor = cell });
        var found = DocsServer.Search("greeting", meta);
        mcp.Complete(found);
        nested.Complete(found);
        cell.Complete(JsonPayload.OfJson("""{"Result":{"cell_id":"1","content_items":[{"type":"input_text","text":"Greet people by name."}]}}"""));
        wait.Complete(conversation.Add(Item.FunctionOutput("call_8", "Greet people by name.")));
    }

    private static void Patch(Turn turn, Conversation conversation)
    {
        const string Input = "*** Begin Patch\n*** Add File: greeting.txt\n+Hello, Ada\n*** End Patch";
        var request = conversation.Ask(turn, Item.CustomCall("call_9", "apply_patch", Input));
        using var tool = turn.StartToolCall(new() { Name = "apply_patch", CallId = "call_9", Input = ToolInput.Custom(Input), CausedBy = request });
        using var patch = tool.StartPatch(JsonPayload.OfJson("""{"greeting.txt":{"type":"add","content":"Hello, Ada\n"}}"""));
        patch.Complete(stdout: "Success. Updated the following files:\nA greeting.txt\n");
        tool.Complete(conversation.Add(Item.CustomOutput("call_9", "Success.")));
    }

    private static void Compact(Turn turn, Conversation conversation)
    {
        using var compaction = turn.StartCompaction();
        using (var request = compaction.StartRequest(conversation.Request))
        {
            request.Complete("resp_summary", new TokenUsage(900, 30), JsonPayload.OfJson($"[{Item.Assistant("Ada was greeted, reviewed and noted down.")}]"));
        }

        var before = conversation.History;
        conversation.Replace(Item.User("Greet Ada in a terminal, have the greeting reviewed, and note it down."), Item.User("So far: all done."));
        compaction.Install(before, conversation.History);
    }
}
