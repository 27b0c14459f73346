using Parquet;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;

namespace RolloutTrace.Lake.Tests;

/// <summary>A lake in a directory of its own, gone when disposed.</summary>
internal sealed class LakeFixture : IDisposable
{
    public const string Day = "2026-02-02";

    private readonly string root = Directory.CreateTempSubdirectory("rollout-trace-lake-").FullName;

    public RolloutLake Lake => new(Path.Join(root, "lake"));

    /// <summary>The rows of a rollout with so many turns.</summary>
    public static async Task<IReadOnlyList<TableFile>> RowsAsync(string bundle, int turns)
    {
        using var made = new TestBundle();
        made.WithTurn();
        for (var i = 2; i <= turns; i++)
        {
            made.Append(new CodexTurnStartedEvent { CodexTurnId = $"turn-{i}", ThreadId = TestBundle.Root });
        }

        return await RolloutTables.WriteAsync(OpenRollout.Open(made.Open()), bundle);
    }

    /// <summary>Puts a rollout with so many turns.</summary>
    public async Task PutAsync(string bundle, int turns, string day = Day) => await Lake.PutAsync(bundle, day, await RowsAsync(bundle, turns));

    /// <summary>The files, as paths below the lake, without hashes.</summary>
    public IReadOnlyList<string> Files() => [.. Paths().Select(path => string.Join('.', Path.GetRelativePath(Lake.Place, path).Split('.')[..^2])).Order(StringComparer.Ordinal)];

    /// <summary>The files.</summary>
    public IEnumerable<string> Paths() => Directory.Exists(Lake.Place) ? Directory.EnumerateFiles(Lake.Place, "*", SearchOption.AllDirectories) : [];

    /// <summary>The bundle of each row of a table, over all files.</summary>
    public async Task<IReadOnlyList<string>> BundlesInAsync(string table)
    {
        var bundles = new List<string>();
        foreach (var file in Paths().Where(path => path.Contains($"/{table}/", StringComparison.Ordinal)))
        {
            await using var reader = await ParquetReader.CreateAsync(file);
            for (var i = 0; i < reader.RowGroupCount; i++)
            {
                using var group = reader.OpenRowGroupReader(i);
                var names = new string?[group.RowCount];
                await group.ReadAsync(reader.Schema.DataFields[0], names.AsMemory());
                bundles.AddRange(names!);
            }
        }

        bundles.Sort(StringComparer.Ordinal);
        return bundles;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
