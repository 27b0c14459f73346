using CodingAgent.Agents;
using CodingAgent.Model;
using CodingAgent.Narration;

namespace CodingAgent.ScriptedModel;

/// <summary>The task that the program works through when it has no key: its project, its user and its model.</summary>
internal sealed class FixedTask : IAsyncDisposable
{
    // So that the history is compacted in the second turn, with the change made and not yet tested.
    private const long CompactionLimit = 1500;

    private readonly DirectoryInfo workspace = Directory.CreateTempSubdirectory("coding-agent-");

    private FixedTask(ScriptedModelServer server) => Server = server;

    public ScriptedModelServer Server { get; }

    public string Workspace => workspace.FullName;

    public AgentSettings Settings => new()
    {
        Endpoint = new ModelEndpoint(Server.Address, ApiKey: "none", Model: "scripted") { KnowsAgentMessages = true },
        Workspace = Workspace,
        McpServer = new Uri(Server.Address, "/mcp"),
        CompactionLimit = CompactionLimit,
        Retries = new RetryPlan(MaxAttempts: 3, FirstDelay: TimeSpan.FromMilliseconds(50)),
    };

    public static async Task<FixedTask> CreateAsync()
    {
        var task = new FixedTask(await ScriptedModelServer.StartAsync());
        ScriptedUser.CreateProject(task.Workspace);
        return task;
    }

    /// <summary>Works through it. Returns the name of the bundle; null when nobody records.</summary>
    public Task<string?> RunAsync(Narrator narrator, Interruption interruption, AgentSettings? settings = null)
    {
        ScriptedUser.Watch(narrator, interruption);
        return AgentRun.RunAsync(settings ?? Settings, ScriptedUser.Tasks.ToAsyncEnumerable(), narrator, interruption);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        workspace.Delete(recursive: true);
    }
}
