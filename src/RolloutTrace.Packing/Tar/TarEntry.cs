namespace RolloutTrace.Packing;

/// <summary>A file or directory as it stands in a tar file.</summary>
/// <param name="Name">Its name with slashes; a directory's ends with one.</param>
/// <param name="Length">Length of its content in bytes; 0 of a directory.</param>
internal readonly record struct TarEntry(string Name, long Length)
{
    /// <summary>All of a tar file is in blocks of this many bytes.</summary>
    public const int BlockBytes = 512;

    /// <summary>The longest content that a header without extensions has room for: 8 GiB.</summary>
    public const long MaxLength = (1L << 33) - 1;

    public bool IsDirectory => Name.EndsWith('/');

    /// <summary>How many zero bytes fill the last block of a content.</summary>
    public static int Padding(long length) => (int)(-length & (BlockBytes - 1));
}
