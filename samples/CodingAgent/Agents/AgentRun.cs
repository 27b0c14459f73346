using CodingAgent.Helpers;
using CodingAgent.Narration;
using CodingAgent.Tools.Mcp;

namespace CodingAgent.Agents;

/// <summary>A run of the agents, from the first task to the last: one rollout.</summary>
internal static class AgentRun
{
    /// <summary>Returns the name of the bundle; null when nobody records, or it was ended before it had begun.</summary>
    /// <param name="settings">What the agents have in common.</param>
    /// <param name="tasks">What the user asks for. After an interruption the next one goes on in the same session.</param>
    /// <param name="narrator">Who tells of it.</param>
    /// <param name="interruption">The user's way to stop it.</param>
    public static async Task<string?> RunAsync(AgentSettings settings, IAsyncEnumerable<string> tasks, Narrator narrator, Interruption interruption)
    {
        string? bundleName = null;
        try
        {
            using var mcpServer = settings.McpServer is { } address ? await McpClient.ConnectAsync(address, interruption.End) : null;
            using var helper = settings.Helper is { Kind: HelperCommand.ByMcp } command ? await HelperServer.StartAsync(command, interruption.End) : null;
            using var helperServer = helper is null ? null : await McpClient.ConnectAsync(helper.Address, interruption.End);
            await using var team = new AgentTeam(settings, [.. ((McpClient?[])[mcpServer, helperServer]).OfType<McpClient>()], narrator);
            bundleName = team.Root.Session.BundleName;
            await foreach (var task in tasks.WithCancellation(interruption.End))
            {
                await interruption.RunAsync(cancellation => team.Root.RunTurnAsync(task, cancellation));
            }
        }
        catch (OperationCanceledException) when (interruption.End.IsCancellationRequested)
        {
            narrator.Line("Ended by the user.");
        }

        return bundleName;
    }
}
