using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RolloutTrace.Import.Input;

namespace RolloutTrace.Import.Codex;

/// <summary>
/// The lines of a session that lies in several files: one that was gone on with in another file has there what it had before, or only what is new.
/// What a file repeats of the ones before, from its beginning on, is read once.
/// </summary>
internal sealed class CodexLines(ImportRun run)
{
    private readonly List<UInt128> known = [];

    /// <summary>The lines of a file that are new, one by one. Each is valid until the next is asked for.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isAlone">Whether there is no other, so that nothing needs to be remembered.</param>
    public IEnumerable<JsonLine> Read(InputFile file, bool isAlone)
    {
        var lines = new JsonLines(file, run).Read();
        return isAlone ? lines : New(lines);
    }

    private IEnumerable<JsonLine> New(IEnumerable<JsonLine> lines)
    {
        var (at, isRepeated) = (0, true);
        foreach (var line in lines)
        {
            var hash = HashOf(line);
            isRepeated = isRepeated && at < known.Count && known[at++] == hash;
            if (!isRepeated)
            {
                known.Add(hash);
                yield return line;
            }
        }
    }

    private static UInt128 HashOf(JsonLine line)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(JsonMarshal.GetRawUtf8Value(line.Root), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
