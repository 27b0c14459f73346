using RolloutTrace.Arguments;

namespace RolloutTrace.Payloads;

/// <summary>
/// Paths of agents: <c>/root</c>, or that followed by <c>/name</c> for each level, a name being of a-z, 0-9 and _ and not root.
/// </summary>
internal static class AgentPaths
{
    public const string Root = "/root";

    // A model chooses names, so one may be endless.
    private const int MaxNameLength = 128;

    /// <summary>A path as the format allows it: the root's, if none is given.</summary>
    public static string Of(string? given)
    {
        var path = Root;
        if (!string.IsNullOrEmpty(given) && given != Root)
        {
            var segments = given[..Math.Min(given.Length, EventText.MaxName)].Split('/', StringSplitOptions.RemoveEmptyEntries);
            foreach (var segment in segments.AsSpan(segments is ["root", ..] ? 1 : 0))
            {
                path = Child(path, segment);
            }
        }

        return path;
    }

    public static string Child(string parent, string? name) => $"{parent}/{Sound(name)}";

    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>
    /// The name as the format allows it. Models choose names, so one that does not fit is mended instead of refused.
    /// </summary>
    private static string Sound(string? name)
    {
        name ??= string.Empty;
        var sound = string.Create(Math.Min(name.Length, MaxNameLength), name, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = char.IsAsciiLetterOrDigit(source[i]) ? char.ToLowerInvariant(source[i]) : '_';
            }
        });
        return sound switch
        {
            "" => "agent",
            "root" => "root_",
            _ => sound,
        };
    }
}
