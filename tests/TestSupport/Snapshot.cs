using System.Runtime.CompilerServices;
using Shouldly;

namespace RolloutTrace.TestSupport;

/// <summary>
/// Compares a whole output with the approved one beside the test: <c>Class.Method.verified.json</c>. On a difference the output is
/// left beside it as <c>.received.json</c>; to approve it, move it over the other.
/// </summary>
public static class Snapshot
{
    /// <param name="output">The whole output.</param>
    /// <param name="extension">Extension of the approved file.</param>
    /// <param name="part">Tells several outputs of one test apart.</param>
    /// <param name="file">The test's file, whose name is taken for the class's.</param>
    /// <param name="method">The test.</param>
    public static void Match(
        string output,
        string extension = "txt",
        string? part = null,
        [CallerFilePath] string file = "",
        [CallerMemberName] string method = "")
    {
        var name = $"{Path.GetFileNameWithoutExtension(file)}.{method}{(part is null ? "" : "." + part)}";
        output.ShouldMatchApproved(options => options
            .NoDiff()
            .SubFolder(Path.GetDirectoryName(file)!)
            .WithFilenameGenerator((_, _, type, _) => $"{name}.{(type == "approved" ? "verified" : type)}.{extension}"));
    }
}
