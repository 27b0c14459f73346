using System.Globalization;
using RolloutTrace.Joining.Parts;

namespace RolloutTrace.Joining.Writing;

/// <summary>Ids that several parts use: the first keeps its own, and later ones get the number of their part.</summary>
internal sealed class IdTable
{
    private readonly Dictionary<(int Part, IdKind Kind, string Id), string> renamed = [];
    private readonly HashSet<(IdKind Kind, string Id)> taken = [];

    /// <param name="parts">The parts, by their numbers.</param>
    public IdTable(IReadOnlyList<Part> parts)
    {
        var ofRollout = new Dictionary<(string Rollout, IdKind Kind, string Id), string>();
        foreach (var part in parts)
        {
            foreach (var (kind, id) in part.Ids)
            {
                // What a later part only speaks of, an earlier one of the same rollout has started.
                if (part.Started.Contains((kind, id)) || !ofRollout.TryGetValue((part.RolloutId, kind, id), out var given))
                {
                    given = Free(kind, id, part.Number);
                    ofRollout[(part.RolloutId, kind, id)] = given;
                }

                if (given != id)
                {
                    renamed[(part.Number, kind, id)] = given;
                }
            }
        }
    }

    /// <summary>The id of a part's object in the whole.</summary>
    public string Of(Part part, IdKind kind, string id) => renamed.GetValueOrDefault((part.Number, kind, id), id);

    private string Free(IdKind kind, string id, int number)
    {
        while (!taken.Add((kind, id)))
        {
            id = string.Create(CultureInfo.InvariantCulture, $"{id}@{number}");
        }

        return id;
    }
}
