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

    // Files that share a session, and those that share one with them.
    private IEnumerable<List<ClaudeFile>> Clusters()
    {
        var clusters = new List<(HashSet<string> Sessions, List<ClaudeFile> Files)>();
        var bySession = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var target = clusters.Count;
            clusters.Add((new HashSet<string>(file.Sessions, StringComparer.Ordinal), [file]));
            foreach (var known in file.Sessions.Where(bySession.ContainsKey).Select(session => bySession[session]).Distinct().ToList())
            {
                clusters[target].Sessions.UnionWith(clusters[known].Sessions);
                clusters[target].Files.AddRange(clusters[known].Files);
                clusters[known] = ([], []);
            }

            foreach (var session in clusters[target].Sessions)
            {
                bySession[session] = target;
            }
        }

        return clusters.Where(static cluster => cluster.Files.Count > 0).Select(static cluster => cluster.Files);
    }
}
