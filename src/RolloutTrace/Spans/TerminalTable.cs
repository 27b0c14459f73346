using System.Diagnostics;

namespace RolloutTrace.Spans;

/// <summary>
/// Which tool call created a terminal, for links from later calls on it. It remembers the latest terminals of a thread only, so
/// that a session may go on for ever. Safe for concurrent use.
/// </summary>
internal sealed class TerminalTable
{
    private const int Capacity = 256;

    private readonly Lock sync = new();
    private Dictionary<string, ActivityContext>? creators;
    private Queue<string>? order;

    /// <summary>Notes the creator of a terminal; the latest one counts, since runtimes use ids again.</summary>
    public void Add(string terminalId, ActivityContext creator)
    {
        lock (sync)
        {
            creators ??= new(StringComparer.Ordinal);
            order ??= new();
            if (!creators.ContainsKey(terminalId))
            {
                order.Enqueue(terminalId);
            }

            creators[terminalId] = creator;
            if (order.Count > Capacity)
            {
                creators.Remove(order.Dequeue());
            }
        }
    }

    /// <summary>The call that created the terminal; the default value if it is not known.</summary>
    public ActivityContext CreatorOf(string terminalId)
    {
        lock (sync)
        {
            return creators is not null && creators.TryGetValue(terminalId, out var creator) ? creator : default;
        }
    }
}
