namespace RolloutTrace;

/// <summary>
/// Names of the attributes on rollout spans. Those of <see cref="GenAI"/>, <see cref="Mcp"/>, <see cref="Process"/>,
/// <see cref="Server"/> and <see cref="Error"/> are OpenTelemetry's; the rest are under <c>rollout.*</c>. All values are strings unless said otherwise.
/// </summary>
public static class RolloutAttributes
{
    /// <summary>Identity of the rollout. On every span.</summary>
    public const string Id = "rollout.id";

    internal const string Prefix = "rollout.";

    /// <summary>How it ended: completed, failed, cancelled or aborted.</summary>
    public const string Status = "rollout.status";

    /// <summary>Directory name of the bundle that records the rollout. On sessions.</summary>
    public const string Bundle = "rollout.bundle";

    /// <summary>Id of the request at its provider.</summary>
    public const string UpstreamRequestId = "rollout.upstream_request_id";

    /// <summary>The agent of a session.</summary>
    public static class Agent
    {
        /// <summary><c>/root</c>, or that followed by <c>/name</c> for each level.</summary>
        public const string Path = "rollout.agent.path";

        /// <summary>The role that the agent was given.</summary>
        public const string Role = "rollout.agent.role";
    }

    /// <summary>The thread of an agent.</summary>
    public static class Thread
    {
        /// <summary>Id of the thread. On every span.</summary>
        public const string Id = "rollout.thread.id";

        /// <summary>Where the thread comes from: root or spawned.</summary>
        public const string Origin = "rollout.thread.origin";

        /// <summary>Id of the thread that spawned it.</summary>
        public const string ParentId = "rollout.thread.parent_id";
    }

    /// <summary>One activation of a thread.</summary>
    public static class Turn
    {
        /// <summary>Id of the turn. On every span but a session's.</summary>
        public const string Id = "rollout.turn.id";
    }

    /// <summary>One attempt of a model request.</summary>
    public static class Inference
    {
        /// <summary>Id of the attempt.</summary>
        public const string Id = "rollout.inference.id";
    }

    /// <summary>Paths of payload files in the bundle.</summary>
    public static class Payload
    {
        /// <summary>The request as sent.</summary>
        public const string Request = "rollout.payload.request";

        /// <summary>The response's completed output items.</summary>
        public const string Response = "rollout.payload.response";

        /// <summary>What a tool was called with; where spans hold content.</summary>
        public const string Invocation = "rollout.payload.invocation";

        /// <summary>What a tool gave; where spans hold content.</summary>
        public const string Result = "rollout.payload.result";
    }

    /// <summary>Message content on spans.</summary>
    public static class Content
    {
        /// <summary>
        /// JSON, only where content was cut: an object with a member for each attribute that was, whose members <c>messages</c> and
        /// <c>bytes</c> say how much is missing.
        /// </summary>
        public const string Cut = "rollout.content.cut";
    }

    /// <summary>A cancellation.</summary>
    public static class Cancel
    {
        /// <summary>Why it was cancelled.</summary>
        public const string Reason = "rollout.cancel.reason";
    }

    /// <summary>A compaction of a thread's history.</summary>
    public static class Compaction
    {
        /// <summary>Id of the compaction.</summary>
        public const string Id = "rollout.compaction.id";

        /// <summary>Id of one attempt of its model request.</summary>
        public const string RequestId = "rollout.compaction.request_id";

        /// <summary>The model that the compaction asks.</summary>
        public const string Model = "rollout.compaction.model";

        /// <summary>Boolean: whether the new history took the old one's place.</summary>
        public const string Installed = "rollout.compaction.installed";

        /// <summary>Integer: number of items in the old history.</summary>
        public const string InputItems = "rollout.compaction.input_items";

        /// <summary>Integer: number of items in the new history.</summary>
        public const string ReplacementItems = "rollout.compaction.replacement_items";
    }

    /// <summary>A tool call.</summary>
    public static class Tool
    {
        /// <summary>Id of the call in the bundle.</summary>
        public const string Id = "rollout.tool.id";

        /// <summary>Name of the tool that a command or other work carries out. On the spans below the tool call's.</summary>
        public const string Name = "rollout.tool.name";

        /// <summary>Kind of the tool, as the bundle names it.</summary>
        public const string Kind = "rollout.tool.kind";

        /// <summary>Who asked for it: model or code_cell.</summary>
        public const string Requester = "rollout.tool.requester";
    }

    /// <summary>A terminal in which a command runs.</summary>
    public static class Terminal
    {
        /// <summary>Id of the terminal.</summary>
        public const string Id = "rollout.terminal.id";
    }

    /// <summary>Model-written code in the code-mode runtime.</summary>
    public static class CodeCell
    {
        /// <summary>Id of the cell in the reduced state: <c>code_cell:{call id}</c>.</summary>
        public const string Id = "rollout.code_cell.id";

        /// <summary>The runtime's handle of the cell, local to its thread.</summary>
        public const string RuntimeId = "rollout.code_cell.runtime_id";

        /// <summary>The cell's last status as its runtime reports it.</summary>
        public const string Status = "rollout.code_cell.status";
    }

    /// <summary>An agent's result delivered to its parent: on the link and on the request that carries it.</summary>
    public static class Edge
    {
        /// <summary>Id of the delivery; several are separated by commas.</summary>
        public const string Id = "rollout.edge.id";
    }

    /// <summary>Links between spans.</summary>
    public static class Link
    {
        /// <summary>On a link: why it is there.</summary>
        public const string Kind = "rollout.link.kind";

        /// <summary>
        /// On a span, followed by a link's kind: the link's target as <c>{trace id}-{span id}</c>, since some viewers do not show
        /// the attributes of links. Several links of one kind are separated by commas.
        /// </summary>
        public const string Prefix = "rollout.link.";
    }

    /// <summary>OpenTelemetry's semantic conventions for generative AI.</summary>
    public static class GenAI
    {
        /// <summary>chat, invoke_agent or execute_tool.</summary>
        public const string OperationName = "gen_ai.operation.name";

        /// <summary>Who serves the model, such as <c>openai</c>. On turns and model requests alone: back ends take what has one for a model call.</summary>
        public const string ProviderName = "gen_ai.provider.name";

        /// <summary>Name of the agent. On sessions, turns, requests and tool calls.</summary>
        public const string AgentName = "gen_ai.agent.name";

        /// <summary>Id of the root thread. On spans with an <see cref="OperationName"/>.</summary>
        public const string ConversationId = "gen_ai.conversation.id";

        /// <summary>Boolean, only ever true: on a compaction that was installed, and on the first request after it.</summary>
        public const string ConversationCompacted = "gen_ai.conversation.compacted";

        /// <summary>The model asked for.</summary>
        public const string RequestModel = "gen_ai.request.model";

        /// <summary>The response that an incremental request builds on.</summary>
        public const string RequestPreviousResponseId = "gen_ai.request.previous_response.id";

        /// <summary>Boolean: whether the answer is streamed.</summary>
        public const string RequestStream = "gen_ai.request.stream";

        /// <summary>Number.</summary>
        public const string RequestTemperature = "gen_ai.request.temperature";

        /// <summary>Number.</summary>
        public const string RequestTopP = "gen_ai.request.top_p";

        /// <summary>Integer.</summary>
        public const string RequestTopK = "gen_ai.request.top_k";

        /// <summary>Integer: the most tokens that the model may give.</summary>
        public const string RequestMaxTokens = "gen_ai.request.max_tokens";

        /// <summary>Number.</summary>
        public const string RequestFrequencyPenalty = "gen_ai.request.frequency_penalty";

        /// <summary>Number.</summary>
        public const string RequestPresencePenalty = "gen_ai.request.presence_penalty";

        /// <summary>Integer.</summary>
        public const string RequestSeed = "gen_ai.request.seed";

        /// <summary>Integer: how many answers are asked for, where that is not one.</summary>
        public const string RequestChoiceCount = "gen_ai.request.choice.count";

        /// <summary>Array of strings.</summary>
        public const string RequestStopSequences = "gen_ai.request.stop_sequences";

        /// <summary>How much the model is to think, in the provider's own word, such as <c>high</c>.</summary>
        public const string RequestReasoningLevel = "gen_ai.request.reasoning.level";

        /// <summary>What the answer is to be: text or json.</summary>
        public const string OutputType = "gen_ai.output.type";

        /// <summary>Id of the response.</summary>
        public const string ResponseId = "gen_ai.response.id";

        /// <summary>The model that answered.</summary>
        public const string ResponseModel = "gen_ai.response.model";

        /// <summary>Array of strings: why the model stopped, such as stop, tool_calls, length or content_filter.</summary>
        public const string ResponseFinishReasons = "gen_ai.response.finish_reasons";

        /// <summary>Integer: tokens of the input, cached ones included.</summary>
        public const string UsageInputTokens = "gen_ai.usage.input_tokens";

        /// <summary>Integer: tokens of the output, reasoning included.</summary>
        public const string UsageOutputTokens = "gen_ai.usage.output_tokens";

        /// <summary>Integer: tokens of the input that came from the provider's cache.</summary>
        public const string UsageCacheReadInputTokens = "gen_ai.usage.cache_read.input_tokens";

        /// <summary>Integer: tokens of the input that went into the provider's cache.</summary>
        public const string UsageCacheWriteInputTokens = "gen_ai.usage.cache_write.input_tokens";

        /// <summary>Integer: tokens of the output spent on reasoning.</summary>
        public const string UsageReasoningOutputTokens = "gen_ai.usage.reasoning.output_tokens";

        /// <summary>Name of the tool.</summary>
        public const string ToolName = "gen_ai.tool.name";

        /// <summary>function, extension or datastore.</summary>
        public const string ToolType = "gen_ai.tool.type";

        /// <summary>The id by which the model knows the call.</summary>
        public const string ToolCallId = "gen_ai.tool.call.id";

        /// <summary>Content, off by default. JSON: the instructions that stand beside the messages, as parts.</summary>
        public const string SystemInstructions = "gen_ai.system_instructions";

        /// <summary>Content, off by default. JSON: the tools that the model may call.</summary>
        public const string ToolDefinitions = "gen_ai.tool.definitions";

        /// <summary>Content, off by default. JSON: what the model was given, as messages of a role and parts; on a turn, the user's input.</summary>
        public const string InputMessages = "gen_ai.input.messages";

        /// <summary>Content, off by default. JSON: what the model gave, as a message of a role and parts; on a turn, the last answer.</summary>
        public const string OutputMessages = "gen_ai.output.messages";

        /// <summary>URI of the document with the instructions; off by default.</summary>
        public const string SystemInstructionsRef = "gen_ai.system_instructions_ref";

        /// <summary>URI of the document with the tools; off by default.</summary>
        public const string ToolDefinitionsRef = "gen_ai.tool.definitions_ref";

        /// <summary>URI of the document with what the model was given; off by default.</summary>
        public const string InputMessagesRef = "gen_ai.input.messages_ref";

        /// <summary>URI of the document with what the model gave; off by default.</summary>
        public const string OutputMessagesRef = "gen_ai.output.messages_ref";

        /// <summary>Content, off by default. JSON: what the tool was called with.</summary>
        public const string ToolCallArguments = "gen_ai.tool.call.arguments";

        /// <summary>Content, off by default. JSON: what the tool gave.</summary>
        public const string ToolCallResult = "gen_ai.tool.call.result";
    }

    /// <summary>The Model Context Protocol: OpenTelemetry's attributes, and the rollout's own id of the call.</summary>
    public static class Mcp
    {
        /// <summary>The protocol's method, such as tools/call.</summary>
        public const string MethodName = "mcp.method.name";

        /// <summary>Id of the protocol's session.</summary>
        public const string SessionId = "mcp.session.id";

        /// <summary>The UUID that joins the call to the server's log; also the key under which it belongs into the request's <c>_meta</c>.</summary>
        public const string CallId = "rollout.mcp.call_id";
    }

    /// <summary>OpenTelemetry's attributes of processes.</summary>
    public static class Process
    {
        /// <summary>File name of the executable.</summary>
        public const string ExecutableName = "process.executable.name";

        /// <summary>Integer: the operating system's id of the process.</summary>
        public const string Pid = "process.pid";

        /// <summary>Content, off by default. Array of strings: the command and its arguments.</summary>
        public const string CommandArgs = "process.command_args";

        /// <summary>Integer: the exit code.</summary>
        public const string ExitCode = "process.exit.code";
    }

    /// <summary>OpenTelemetry's attributes of servers: who answers a model request, where it is known.</summary>
    public static class Server
    {
        /// <summary>Host name or address.</summary>
        public const string Address = "server.address";

        /// <summary>Integer.</summary>
        public const string Port = "server.port";
    }

    /// <summary>OpenTelemetry's attributes of errors.</summary>
    public static class Error
    {
        /// <summary>An exception's type or a code of low cardinality; never a message.</summary>
        public const string Type = "error.type";

        /// <summary>The <see cref="Type"/> of what was running when its process died; on spans that are made from a bundle.</summary>
        public const string ProcessDied = "rollout.process_died";
    }
}
