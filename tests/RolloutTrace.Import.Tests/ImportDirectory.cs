namespace RolloutTrace.Import.Tests;

/// <summary>A directory with inputs and one for bundles, gone when disposed.</summary>
internal sealed class ImportDirectory : IDisposable
{
    public string Path { get; } = RolloutTrace.TestSupport.MemoryDirectory.CreateSubdirectory("rollout-trace-import-").FullName;

    public string Input => System.IO.Path.Join(Path, "in");

    public string Output => System.IO.Path.Join(Path, "out");

    /// <summary>Writes an input.</summary>
    public ImportDirectory With(string name, params IEnumerable<string> lines) => With(name, System.Text.Encoding.UTF8.GetBytes(string.Join("\n", lines) + "\n"));

    /// <summary>Writes an input of one line.</summary>
    public ImportDirectory With(string name, string line) => With(name, [line]);

    /// <summary>Writes an input of any bytes.</summary>
    public ImportDirectory With(string name, byte[] content)
    {
        var path = System.IO.Path.Join(Input, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return this;
    }

    /// <summary>Imports all inputs.</summary>
    public ImportResult Run(ImportOptions? options = null) => RolloutImport.Run([Input], Output, options);

    /// <summary>Imports the inputs, which are of one session.</summary>
    public ImportedSession RunOne()
    {
        var result = Run();
        return new ImportedSession(result.Rollouts.ShouldHaveSingleItem().Bundle, result);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
