using CodingAgent.Agents;
using CodingAgent.Narration;
using CodingAgent.ScriptedModel;

namespace CodingAgent.Tests;

/// <summary>One run of the fixed task against a server of its own: what the server received, and what became of the project.</summary>
internal sealed record TaskRun(string? BundleName, IReadOnlyList<ReceivedRequest> Received, IReadOnlyList<string?> McpLog, string FixedScript)
{
    public static async Task<TaskRun> RunAsync(Func<AgentSettings, AgentSettings>? configure = null)
    {
        await using var task = await FixedTask.CreateAsync();
        var bundle = await task.RunAsync(
            new Narrator(TextWriter.Null, colours: false),
            new Interruption(),
            configure?.Invoke(task.Settings));
        return new TaskRun(bundle, task.Server.Received, task.Server.StyleGuide.Log, await File.ReadAllTextAsync(Path.Join(task.Workspace, "slug.sh")));
    }

    /// <summary>What the server received from an agent, in its order. Several agents ask at the same time.</summary>
    public IEnumerable<ReceivedRequest> ReceivedFrom(string agent) =>
        Received.Where(r => r.Conversation.Instructions.StartsWith($"You are {agent},", StringComparison.Ordinal));
}
