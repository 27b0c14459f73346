namespace CodingAgent.Tools.Patching;

/// <summary>What a patch does to one file.</summary>
internal abstract record FileChange(string Path);

internal sealed record AddFile(string Path, string Content) : FileChange(Path);

internal sealed record DeleteFile(string Path) : FileChange(Path);

/// <param name="Path">The file.</param>
/// <param name="MoveTo">Its new path; null if it stays where it is.</param>
/// <param name="Hunks">What changes in it, from its beginning to its end.</param>
internal sealed record UpdateFile(string Path, string? MoveTo, IReadOnlyList<Hunk> Hunks) : FileChange(Path);

/// <summary>Lines that stand in a file, and what takes their place.</summary>
/// <param name="After">A line after which to look for them; null to look from the hunk before on.</param>
/// <param name="Lines">The lines as the patch has them: each begins with a space, a minus or a plus.</param>
internal sealed record Hunk(string? After, IReadOnlyList<string> Lines)
{
    public IEnumerable<string> Old => Lines.Where(l => l[0] != '+').Select(l => l[1..]);

    public IEnumerable<string> New => Lines.Where(l => l[0] != '-').Select(l => l[1..]);
}
