namespace RolloutTrace.Lake;

/// <summary>A part of a lake: some of its tables, of some of its days.</summary>
public sealed record LakePart
{
    /// <summary>The tables; all by default.</summary>
    public IReadOnlyCollection<string> Tables { get; init; } = RolloutTables.Names;

    /// <summary>The first day; null for all before, too.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>The day before which it ends; null for all after, too.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>Whether a day is of it.</summary>
    /// <param name="day">The day, as <c>yyyy-MM-dd</c>.</param>
    public bool Has(string day) => (Since is null && Until is null) || (DateOnly.TryParseExact(day, "yyyy-MM-dd", out var date) && !(date < Since) && !(date >= Until));
}
