using System.Diagnostics;
using CodingAgent.Model;

namespace CodingAgent.Helpers;

/// <summary>How this program is started once more, as a helper in a process of its own.</summary>
/// <param name="Kind">How it is asked.</param>
/// <param name="Endpoint">Its model.</param>
/// <param name="Workspace">The directory in which it works.</param>
internal sealed record HelperCommand(string Kind, ModelEndpoint Endpoint, string Workspace)
{
    /// <summary>A process a question: it is asked on standard input, and answers on standard output.</summary>
    public const string ByProcess = "process";

    /// <summary>An MCP server, which keeps its conversation.</summary>
    public const string ByMcp = "mcp";

    public const string Option = "--as-helper";
    public const string WorkspaceVariable = "CODING_AGENT_WORKSPACE";

    // Its bundle goes where this one's goes: the current directory stays what it is.
    public ProcessStartInfo ToStart() => new("dotnet", ["exec", typeof(HelperCommand).Assembly.Location, Option, Kind])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        Environment =
        {
            ["OPENAI_API_KEY"] = Endpoint.ApiKey,
            ["OPENAI_BASE_URL"] = Endpoint.Address.AbsoluteUri,
            ["OPENAI_MODEL"] = Endpoint.Model,
            [WorkspaceVariable] = Workspace,
        },
    };
}
