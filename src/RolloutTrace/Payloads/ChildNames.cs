using System.Globalization;

namespace RolloutTrace.Payloads;

/// <summary>The names of an agent's children in their paths: one that was given before gets a number, from 2.</summary>
internal sealed class ChildNames
{
    // Whoever names each child anew has no two of one name; and a number needs its place below the longest name.
    private const int MaxNames = 4096;
    private const int MaxLength = 112;

    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>A name that no child has, made of the one that its agent goes by.</summary>
    public string Take(string? given)
    {
        var name = AgentPaths.NameOf(AgentPaths.Child(AgentPaths.Root, given));
        name = name[..Math.Min(name.Length, MaxLength)];
        if (!IsTaken(name))
        {
            if (counts.Count < MaxNames)
            {
                counts.Add(name, 1);
            }

            return name;
        }

        var number = counts.GetValueOrDefault(name, 1) + 1;
        while (IsTaken($"{name}_{number}"))
        {
            number++;
        }

        counts[name] = number;
        return $"{name}_{number}";
    }

    private bool IsTaken(string name) =>
        counts.ContainsKey(name)
        || (name.LastIndexOf('_') is var end and > 0
            && int.TryParse(name.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 1
            && counts.TryGetValue(name[..end], out var count)
            && number <= count);
}
