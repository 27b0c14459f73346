using System.Text.RegularExpressions;

namespace CodingAgent.Agents;

/// <summary>Names of agents: <c>/root</c>, and <c>/name</c> for each level below.</summary>
internal static partial class AgentPath
{
    public const string Root = "/root";

    /// <summary>Whether a name can stand in a path.</summary>
    public static bool IsName(string name) => name != "root" && Name().IsMatch(name);

    public static string Child(string parent, string name) => $"{parent}/{name}";

    /// <summary>A path as it is, a bare name below the agent that uses it.</summary>
    public static string Resolve(string from, string target) => target.StartsWith('/') ? target : Child(from, target);

    /// <summary>The last segment.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    [GeneratedRegex("^[a-z0-9_]+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
