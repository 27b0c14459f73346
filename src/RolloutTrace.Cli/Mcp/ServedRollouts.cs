using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>The rollouts that a server's tools answer about.</summary>
internal sealed class ServedRollouts(RolloutCatalog catalog, TimeProvider time)
{
    /// <summary>How long a search over many rollouts goes on before it gives what it has: clients do not wait for ever.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly RecentRollouts recent = new(time);

    public RolloutCatalog Catalog => catalog;

    public TimeProvider Time => time;

    /// <summary>Opens the rollout that a call names: without a name the newest, or on a later page the one of the page before.</summary>
    /// <exception cref="QueryException">The name means none, or more than one.</exception>
    /// <exception cref="Bundle.BundleException">It cannot be read.</exception>
    public (OpenRollout Rollout, CataloguedRollout Meant) Open(string? name, ToolCursor cursor)
    {
        var meant = catalog.Find(name is null or RolloutRoot.Last ? cursor.Rollout ?? RolloutRoot.Last : name);
        return (Open(meant), meant);
    }

    /// <summary>Opens a rollout.</summary>
    /// <exception cref="QueryException">Its manifest cannot be read.</exception>
    /// <exception cref="Bundle.BundleException">It cannot be read.</exception>
    public OpenRollout Open(CataloguedRollout rollout) => rollout.Problem is { } problem ? throw new QueryException(problem) : recent.Open(rollout);
}
