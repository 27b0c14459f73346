using RolloutTrace.Import.Input;

namespace RolloutTrace.Import.Claude;

/// <summary>
/// Claude Code's session logs. A session may lie in several files, such as those of its helpers, and a file may hold lines of several
/// sessions: what belongs together is found first, and then read together, so that no more is held than that.
/// </summary>
internal sealed class ClaudeImporter(ImportRun run) : IImporter
{
    public const string Format = "claude";

    private readonly List<ClaudeFile> files = [];

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> beginning) => ClaudeHead.Recognizes(beginning);

    /// <inheritdoc/>
    public void Read(InputFile file) => files.Add(ClaudeFile.Survey(file, run));

    /// <inheritdoc/>
    public void Finish()
    {
        foreach (var together in Clusters())
        {
            new ClaudeSessions(run, together).Import();
        }
    }

    // Files that are tied to each other, and those that are tied to them.
    private IEnumerable<List<ClaudeFile>> Clusters()
    {
        var clusters = new List<(HashSet<string> Ties, List<ClaudeFile> Files)>();
        var byTie = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var target = clusters.Count;
            clusters.Add((new HashSet<string>(file.Ties, StringComparer.Ordinal), [file]));
            foreach (var known in file.Ties.Where(byTie.ContainsKey).Select(tie => byTie[tie]).Distinct().ToList())
            {
                clusters[target].Ties.UnionWith(clusters[known].Ties);
                clusters[target].Files.AddRange(clusters[known].Files);
                clusters[known] = ([], []);
            }

            foreach (var tie in clusters[target].Ties)
            {
                byTie[tie] = target;
            }
        }

        return clusters.Where(static cluster => cluster.Files.Count > 0).Select(static cluster => cluster.Files);
    }
}
