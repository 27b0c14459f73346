using RolloutTrace.Analysis;

namespace RolloutTrace.Lake.Tables;

/// <summary>A rollout whose rows are written.</summary>
/// <param name="rollout">The rollout.</param>
/// <param name="bundle">The name of its bundle.</param>
/// <param name="withText">Whether what was said is written too.</param>
internal sealed class TableSource(OpenRollout rollout, string bundle, bool withText)
{
    private readonly Lazy<IReadOnlyList<RolloutAnomaly>> findings = new(() => RolloutAnomalies.Find(rollout));

    public OpenRollout Rollout => rollout;

    public string Bundle => bundle;

    public bool WithText => withText;

    public IReadOnlyList<RolloutAnomaly> Findings => findings.Value;
}
