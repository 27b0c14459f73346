using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>A directory that is filled beside its place and then moved into it, where nothing may be.</summary>
internal sealed class UnfinishedDirectory : IDisposable
{
    private readonly string place;

    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public UnfinishedDirectory(string place)
    {
        this.place = place;
        Path = System.IO.Path.Join(System.IO.Path.GetDirectoryName(place), $".{System.IO.Path.GetFileName(place)}.{Guid.NewGuid():N}.tmp");
        PrivateFile.CreateDirectory(Path);
    }

    /// <summary>Where it is until then.</summary>
    public string Path { get; }

    /// <summary>Moves it into its place.</summary>
    /// <exception cref="IOException">Something is there by now.</exception>
    public void Move() => Directory.Move(Path, place);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            BestEffort.DeleteDirectory(Path);
        }
    }
}
