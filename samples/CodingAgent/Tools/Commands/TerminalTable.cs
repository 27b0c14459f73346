using System.Collections.Concurrent;
using RolloutTrace;

namespace CodingAgent.Tools.Commands;

/// <summary>The commands of an agent that go on. Safe for concurrent use.</summary>
/// <param name="agentNumber">Keeps session ids of several agents apart: a session belongs to one agent.</param>
internal sealed class TerminalTable(int agentNumber) : IAsyncDisposable
{
    private const int IdsOfAgent = 1000;

    private readonly ConcurrentDictionary<int, Terminal> terminals = new();
    private int last = agentNumber * IdsOfAgent;

    public Terminal Create(TerminalProcess process, CommandRuntime runtime) => new(Interlocked.Increment(ref last), process, runtime);

    public void Keep(Terminal terminal) => terminals[terminal.SessionId] = terminal;

    /// <exception cref="ToolException">There is none.</exception>
    public Terminal Find(int sessionId) =>
        terminals.TryGetValue(sessionId, out var terminal) ? terminal : throw new ToolException($"There is no session {sessionId}.");

    public async Task RemoveAsync(Terminal terminal)
    {
        if (terminals.TryRemove(terminal.SessionId, out _))
        {
            await terminal.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var terminal in terminals.Values)
        {
            await terminal.DisposeAsync();
        }
    }
}
