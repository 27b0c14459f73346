using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Scrubbing;

namespace RolloutTrace.Reducer;

/// <summary>
/// Makes copies of bundles that can be shared: the same structure, and reduced the same graph, with every free text replaced. The
/// same text has the same replacement, so that what is equal stays equal; lengths are not kept. Whatever is not known to be
/// structure in the very place where it stands is replaced.
/// </summary>
/// <remarks>
/// <para>
/// What stays: ids, types, roles and statuses, names of tools, MCP servers, models and providers, numbers, booleans, times, and the
/// names of members that the format or common tools have. What goes: texts of items, arguments, outputs, commands, paths, file names, code,
/// summaries, opaque reasoning, errors, the names of agents, names of members that nobody knows, and members of events that the
/// format does not have. An id or a name with white space in it, or one longer than 200 characters, goes too.
/// </para>
/// <para>
/// JSON that stands in a text is replaced inside, and is JSON afterwards. Where the reducer reads ids from it, they stay: the cell
/// that <c>wait</c> waits for, the terminal that <c>write_stdin</c> writes to. In the place of what cannot be read stands a marker that cannot
/// be read either.
/// </para>
/// </remarks>
public static class BundleScrubber
{
    /// <summary>Writes a scrubbed copy.</summary>
    /// <param name="bundle">The bundle. Nothing outside its directory is read.</param>
    /// <param name="directory">The copy's directory: an empty one that exists. Files in it are the owner's alone.</param>
    /// <param name="options">How.</param>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    /// <exception cref="IOException">The copy cannot be written. What there is of it is of no use.</exception>
    /// <exception cref="UnauthorizedAccessException">The copy may not be written.</exception>
    public static ScrubResult Scrub(BundleReader bundle, string directory, ScrubOptions options)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Key.Length, ScrubOptions.MinKeyBytes, nameof(options));
        return new ScrubRun(bundle, new PrivateDirectory(directory), options).Run();
    }

    /// <summary>The name of a bundle's copy: the usual one for its ids, which may be replaced.</summary>
    /// <param name="manifest">The manifest of the bundle.</param>
    /// <param name="options">How it is scrubbed.</param>
    public static string DirectoryName(BundleManifest manifest, ScrubOptions options)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(options);
        var texts = new Replacements(options.Key);
        return BundleLayout.DirectoryName(texts.FileName(manifest.TraceId), texts.FileName(manifest.RootThreadId));
    }
}
