using System.Buffers;
using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>All files of a packed rollout in one file that has no name, so that nothing is left of it after a crash. Safe for concurrent use.</summary>
internal sealed class UnpackedFile : IDisposable
{
    private readonly string path;
    private readonly FileStream file;

    private UnpackedFile(string path, FileStream file)
    {
        this.path = path;
        this.file = file;
    }

    /// <summary>Unpacks a packed rollout.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isGrowing">Whether it may end anywhere.</param>
    /// <param name="places">Where its files are.</param>
    /// <param name="damage">What is wrong with it behind them; null if nothing.</param>
    /// <exception cref="BundleException">There is no room, or it cannot be opened.</exception>
    public static UnpackedFile Of(string path, bool isGrowing, out IReadOnlyDictionary<string, PackedPlace> places, out BundleException? damage)
    {
        var found = new Dictionary<string, PackedPlace>(StringComparer.Ordinal);
        damage = null;
        places = found;
        using var reader = new PackedReader(path, isGrowing);
        FileStream? file = null;
        try
        {
            file = UnnamedFile.Create();
            var room = UnnamedFile.Room();
            var buffer = new byte[1 << 17];
            while (reader.MoveNext())
            {
                var start = file.Position;
                try
                {
                    while (reader.Read(buffer) is > 0 and var read)
                    {
                        UnnamedFile.Write(file, buffer.AsSpan(0, read), room);
                    }
                }
                catch (BundleException e) when (reader.Rank.Group == MemberGroup.Log)
                {
                    damage = e;
                }

                if (reader.Name.Length > 0 && !reader.Name.EndsWith('/'))
                {
                    found[reader.Name] = new PackedPlace(start, file.Position - start);
                }

                if (damage is not null)
                {
                    break;
                }
            }
        }
        catch (BundleException e) when (file is not null)
        {
            damage = reader.IsCut ? null : e;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new BundleException($"{path}: {FileTrouble.Of(e, $"is read backwards too, and cannot be unpacked into {Path.GetTempPath()} for that")}", e);
        }

        return new UnpackedFile(path, file!);
    }

    public PayloadBytes Read(PackedPlace place, int count)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(count, 1));
        try
        {
            using var part = Open(place);
            return new PayloadBytes(buffer, part.ReadAtLeast(buffer.AsSpan(0, count), count, throwOnEndOfStream: false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException($"{path}: {FileTrouble.Of(e, "cannot be read where it was unpacked")}", e);
        }
    }

    public Stream Open(PackedPlace place) => new FilePart(file.SafeFileHandle, place.Offset, place.Length);

    public void Dispose() => file.Dispose();
}
