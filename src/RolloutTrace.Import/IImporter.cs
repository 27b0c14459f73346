using RolloutTrace.Import.Input;

namespace RolloutTrace.Import;

/// <summary>
/// Reads one kind of input. There is one for each run; it is used by one thread. What is wrong with a line it tells
/// <see cref="ImportRun.Diagnostics"/>, and goes on.
/// </summary>
internal interface IImporter
{
    /// <summary>Whether a file is of its kind.</summary>
    /// <param name="beginning">The first bytes of the file, decompressed: at most <see cref="InputFile.BeginningBytes"/>.</param>
    bool Recognizes(ReadOnlySpan<byte> beginning);

    /// <summary>Reads a file. A rollout that is whole by then can be written at once; one that other files may add to waits for <see cref="Finish"/>.</summary>
    /// <param name="file">The file, which is disposed of when the call returns.</param>
    /// <exception cref="IOException">The file cannot be read on; what was read counts.</exception>
    void Read(InputFile file);

    /// <summary>All files have been read.</summary>
    void Finish();
}
