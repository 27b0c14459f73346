using System.Collections.Concurrent;
using CodingAgent.Model;
using CodingAgent.Narration;
using CodingAgent.Tools;
using CodingAgent.Tools.Mcp;
using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.Agents;

/// <summary>All agents of one rollout, and what they share.</summary>
internal sealed class AgentTeam : IAsyncDisposable
{
    private const string Provider = "openai";

    private readonly ConcurrentDictionary<string, AgentWorker> workers = new(StringComparer.Ordinal);
    private int agents = 1;

    public AgentTeam(AgentSettings settings, IReadOnlyList<McpClient> mcpServers, Narrator narrator)
    {
        Settings = settings;
        McpServers = mcpServers;
        Narrator = narrator;
        Model = new ModelClient(settings.Endpoint, settings.Retries);
        Workspace = new Workspace(settings.Workspace);
        var session = RolloutTracing.StartSession(new()
        {
            AgentPath = AgentPath.Root,
            Model = settings.Endpoint.Model,
            ProviderName = Provider,
            Endpoint = settings.Endpoint.Address,
            WorkingDirectory = settings.Workspace,
            Nickname = settings.Nickname,
            Caller = settings.Caller,
        });
        Root = new Agent(this, AgentPath.Root, session, agents);
    }

    public AgentSettings Settings { get; }

    public IReadOnlyList<McpClient> McpServers { get; }

    public Narrator Narrator { get; }

    public ModelClient Model { get; }

    public Workspace Workspace { get; }

    public Agent Root { get; }

    /// <summary>A request to the model without its input.</summary>
    public CreateResponseOptions NewRequest(string path) => new()
    {
        Model = Settings.Endpoint.Model,
        Instructions = Prompts.Instructions(path),
        StreamingEnabled = true,
        StoredOutputEnabled = true,

        // Reasoning comes readable once and encrypted for good: without either an item would say nothing.
        IncludedProperties = { IncludedResponseProperty.ReasoningEncryptedContent },
    };

    /// <summary>Starts a helper on its first task.</summary>
    public AgentWorker Spawn(Agent parent, string name, string message, ToolCall causedBy)
    {
        var path = AgentPath.Child(parent.Path, name);
        if (!AgentPath.IsName(name))
        {
            throw new ToolException($"'{name}' is no name for an agent: use a-z, 0-9 and _.");
        }

        if (workers.ContainsKey(path))
        {
            throw new ToolException($"There is an agent {path} already.");
        }

        var number = Interlocked.Increment(ref agents);
        if (number > Settings.MaxAgents)
        {
            throw new ToolException($"There may be no more than {Settings.MaxAgents} agents.");
        }

        var session = parent.Session.SpawnAgent(name, causedBy);
        var worker = new AgentWorker(new Agent(this, path, session, number), parent);
        workers[path] = worker;
        worker.Give(new AgentMessage(parent.Path, message));
        return worker;
    }

    /// <summary>The helper of that name, as seen from an agent.</summary>
    public AgentWorker Find(Agent from, string target) =>
        workers.TryGetValue(AgentPath.Resolve(from.Path, target), out var worker) ? worker : throw new ToolException($"There is no agent {target}.");

    /// <summary>The helpers that an agent has started.</summary>
    public IEnumerable<AgentWorker> HelpersOf(Agent parent) => workers.Values.Where(w => ReferenceEquals(w.Parent, parent));

    public async Task CloseAsync(AgentWorker worker)
    {
        foreach (var helper in HelpersOf(worker.Agent))
        {
            await CloseAsync(helper);
        }

        if (workers.TryRemove(worker.Agent.Path, out _))
        {
            await worker.DisposeAsync();
        }
    }

    /// <summary>Ends all agents, the root last.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var helper in HelpersOf(Root))
        {
            await CloseAsync(helper);
        }

        await Root.DisposeAsync();
        Root.Session.Complete();
    }
}
