using System.IO.Enumeration;

namespace RolloutTrace.Packing;

/// <summary>A file or directory of a bundle on disk.</summary>
/// <param name="Name">Its name below the bundle with slashes; a directory's ends with one.</param>
/// <param name="Rank">Its place in the packed rollout.</param>
/// <param name="Length">Its length in bytes; 0 of a directory.</param>
/// <param name="WrittenAt">When it was last written to, in ticks; 0 of a directory.</param>
/// <param name="IsLink">Whether it is a link.</param>
internal readonly record struct FoundFile(string Name, MemberRank Rank, long Length, long WrittenAt, bool IsLink)
{
    /// <summary>Whether it is no file of its own, but in the stream of payloads.</summary>
    public bool IsStreamed { get; init; }

    public bool IsDirectory => Name.EndsWith('/');

    public static FoundFile Of(string prefix, ref FileSystemEntry entry)
    {
        var isLink = entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
        var isDirectory = entry.IsDirectory && !isLink;
        var name = $"{prefix}{entry.FileName}{(isDirectory ? "/" : "")}";
        return new FoundFile(name, MemberRank.Of(name), isDirectory ? 0 : entry.Length, isDirectory ? 0 : entry.LastWriteTimeUtc.Ticks, isLink);
    }
}
