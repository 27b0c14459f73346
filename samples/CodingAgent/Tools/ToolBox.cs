using System.Text.Json;
using System.Text.Json.Nodes;
using CodingAgent.Agents;
using CodingAgent.CodeMode;
using CodingAgent.Helpers;
using CodingAgent.Model;
using CodingAgent.Narration;
using CodingAgent.Tools.Agents;
using CodingAgent.Tools.Commands;
using CodingAgent.Tools.Mcp;
using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.Tools;

/// <summary>An agent's tools: carries out what its model, or the model's code, asks for, and traces it.</summary>
internal sealed class ToolBox
{
    private readonly Agent agent;
    private readonly AgentVoice voice;
    private readonly Dictionary<string, Tool> tools;
    private int nestedCalls;

    public ToolBox(Agent agent, AgentTeam team, AgentVoice voice)
    {
        this.agent = agent;
        this.voice = voice;
        Tool[] all =
        [
            new ExecCommandTool(agent.Terminals, team.Workspace),
            new WriteStdinTool(agent.Terminals),
            new Patching.ApplyPatchTool(team.Workspace),
            new WaitTool(agent.Cells),
            new SpawnAgentTool(agent, team),
            new SendMessageTool(agent, team),
            new FollowupTaskTool(agent, team),
            new WaitAgentTool(agent, team),
            new CloseAgentTool(agent, team),
            .. team.Settings.Helper is { Kind: HelperCommand.ByProcess } helper ? [new AskHelperTool(helper)] : (Tool[])[],
            .. team.McpServers.SelectMany(server => server.Tools.Select(tool => new McpServerTool(server, tool))),
        ];
        tools = all.ToDictionary(t => t.Name, StringComparer.Ordinal);
        Definitions = [CodeCells.Definition, .. all.Select(t => t.Definition)];
    }

    public IReadOnlyList<ResponseTool> Definitions { get; }

    /// <summary>Carries out a call of the model. Returns the item that answers it, whatever came of it.</summary>
    public async Task<ResponseItem> RunAsync(Turn turn, ModelRequest? causedBy, ToolCallItem item, CancellationToken cancellation)
    {
        var tool = tools.GetValueOrDefault(item.Name);
        voice.Calls(item.Name, item.Input);
        if (item is { IsCustom: true, Name: CodeCells.ToolName })
        {
            var answer = await agent.Cells.SubmitAsync(turn, causedBy, item, cancellation);
            voice.Gets(answer);
            return item.Output(answer);
        }

        using var call = turn.StartToolCall(new()
        {
            Name = item.Name,
            CallId = item.CallId,
            Input = item.IsCustom ? ToolInput.Custom(item.Input) : ToolInput.Function(JsonValue.Create(item.Input)),
            CausedBy = causedBy,
            McpServer = tool?.Mcp?.Server,
            McpTool = tool?.Mcp?.Tool,
            WaitsFor = FindCell(tool, item),
        });
        try
        {
            var output = await CarryOutAsync(tool, call, item, cancellation);
            voice.Gets(output.Text);
            return Answer(output.Text, (in json) => call.Complete(json));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Answer(Prompts.AbortedCall, (in json) => call.Cancel("interrupted", json));
        }
        catch (Exception e)
        {
            // Whatever went wrong in a tool, the model has to make the best of it.
            voice.Gets($"error: {e.Message}");
            return Answer($"error: {e.Message}", (in json) => call.Fail(e, json));
        }

        ResponseItem Answer(string text, EndCall end)
        {
            var output = item.Output(text);
            end(Wire.Json(output));
            return output;
        }
    }

    /// <summary>Carries out a call of a cell's code. Returns the value that the code gets.</summary>
    public async Task<JsonNode?> RunNestedAsync(CodeCell cell, string name, JsonNode? arguments, CancellationToken cancellation)
    {
        var isCustom = arguments is JsonValue value && value.GetValueKind() == JsonValueKind.String;
        var item = new ToolCallItem(string.Empty, name, isCustom ? arguments!.GetValue<string>() : arguments?.ToJsonString() ?? "{}", isCustom);
        var tool = tools.GetValueOrDefault(name);
        voice.CodeCalls(name, item.Input);
        using var call = cell.StartToolCall(new()
        {
            Name = name,
            Input = isCustom ? ToolInput.Custom(item.Input) : ToolInput.Function(JsonPayload.OfJson(item.Input)),
            McpServer = tool?.Mcp?.Server,
            McpTool = tool?.Mcp?.Tool,
            CodeModeRuntimeToolId = $"tool-{Interlocked.Increment(ref nestedCalls)}",
        });
        try
        {
            var output = await CarryOutAsync(tool, call, item, cancellation);
            var result = output.Value ?? JsonValue.Create(output.Text);
            call.Complete(result);
            return result;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            call.Cancel("the cell was terminated");
            throw;
        }
        catch (Exception e)
        {
            call.Fail(e);
            throw;
        }
    }

    private delegate void EndCall(in JsonPayload result);

    private static ToolArguments Arguments(ToolCallItem item) => item.IsCustom ? ToolArguments.Custom(item.Input) : ToolArguments.Function(item.Input);

    private static Task<ToolOutput> CarryOutAsync(Tool? tool, ToolCall call, ToolCallItem item, CancellationToken cancellation) =>
        tool is not null ? tool.RunAsync(call, Arguments(item), cancellation) : throw new ToolException($"There is no tool {item.Name}.");

    private static CodeCell? FindCell(Tool? tool, ToolCallItem item)
    {
        try
        {
            return tool?.WaitsFor(Arguments(item));
        }
        catch (ToolException)
        {
            // Arguments that make no sense wait for nothing; the call itself will say so.
            return null;
        }
    }
}
