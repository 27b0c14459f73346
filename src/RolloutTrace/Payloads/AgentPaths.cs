namespace RolloutTrace.Payloads;

/// <summary>
/// Paths of agents: <c>/root</c>, or that followed by <c>/name</c> for each level, a name being of a-z, 0-9 and _ and not root.
/// </summary>
internal static class AgentPaths
{
    public const string Root = "/root";

    public static string Child(string parent, string name) => $"{parent}/{Sound(name)}";

    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>
    /// The name as the format allows it. Models choose names, so one that does not fit is mended instead of refused.
    /// </summary>
    private static string Sound(string name)
    {
        var sound = string.Create(name.Length, name, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
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
