using RolloutTrace.Bundle;

namespace RolloutTrace.Receiver.Spans;

/// <summary>
/// A file of spans that grows. What cannot be written whole is taken off its end again; where that cannot be done either, the next goes into another file, so that nothing
/// stands behind what is torn. Not safe for concurrent use.
/// </summary>
/// <param name="directory">Where it is.</param>
/// <param name="name">The beginning of its name.</param>
/// <param name="generation">What no file of an earlier process has in its name, whose end may be torn.</param>
/// <param name="extension">The end of its name.</param>
internal sealed class SpanFile(string directory, string name, string generation, string extension)
{
    private readonly List<string> paths = [];
    private long length;
    private int number;
    private bool isNamed;

    /// <summary>The files that there are.</summary>
    public IReadOnlyList<string> Paths => paths;

    /// <summary>How many bytes are in them.</summary>
    public long Bytes { get; private set; }

    /// <summary>Appends.</summary>
    /// <param name="bytes">What.</param>
    /// <param name="isDurable">Whether the device has it when this returns.</param>
    /// <exception cref="IOException">It cannot be written; nothing of it is there.</exception>
    public void Append(ReadOnlySpan<byte> bytes, bool isDurable)
    {
        var path = Path.Join(directory, $"{name}.{generation}-{number}{extension}");
        var isNew = length == 0;
        try
        {
            using var file = File.OpenHandle(path, isNew ? FileMode.Create : FileMode.Open, FileAccess.Write, FileShare.Read);
            try
            {
                RandomAccess.Write(file, bytes, length);
                if (isDurable)
                {
                    DirectorySync.Content(file, path);
                }
            }
            catch
            {
                RandomAccess.SetLength(file, length);
                throw;
            }
        }
        catch
        {
            if (isNew)
            {
                BestEffort.DeleteFile(path);
            }

            number++;
            length = 0;
            throw;
        }

        if (isNew)
        {
            paths.Add(path);
            isNamed = false;
        }

        if (isDurable && !isNamed)
        {
            DirectorySync.Names(directory);
            isNamed = true;
        }

        length += bytes.Length;
        Bytes += bytes.Length;
    }
}
