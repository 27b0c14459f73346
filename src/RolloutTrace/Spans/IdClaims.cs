namespace RolloutTrace.Spans;

/// <summary>
/// Whose an id is. Models and runtimes number their calls and terminals as they like; some start at 1 in each response or agent.
/// In the format an id is there once in a rollout, and readers refuse the whole rollout over a second one. Only the latest ids are
/// remembered, so that a rollout may go on for ever. Safe for concurrent use.
/// </summary>
internal sealed class IdClaims
{
    private const int Capacity = 8192;

    private readonly Lock sync = new();
    private Dictionary<string, string?>? owners;
    private Queue<string>? order;

    /// <summary>Takes the id; false if it is taken already.</summary>
    public bool TryClaim(string id) => TryClaim(id, owner: null);

    /// <summary>Takes the id for an owner; false if it is another's already.</summary>
    public bool TryClaim(string id, string? owner) => TryClaim(id, owner, out _);

    /// <inheritdoc cref="TryClaim(string, string)"/>
    /// <param name="id">The id.</param>
    /// <param name="owner">Whose it becomes; nobody can have it again where that is null.</param>
    /// <param name="again">Whether the owner had it already.</param>
    public bool TryClaim(string id, string? owner, out bool again)
    {
        lock (sync)
        {
            owners ??= new(StringComparer.Ordinal);
            order ??= new();
            if (owners.TryGetValue(id, out var first))
            {
                return again = first is not null && first == owner;
            }

            again = false;
            owners.Add(id, owner);
            order.Enqueue(id);
            if (order.Count > Capacity)
            {
                owners.Remove(order.Dequeue());
            }

            return true;
        }
    }
}
