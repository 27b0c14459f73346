using System.IO.Enumeration;

namespace RolloutTrace.Recorder.Recording;

/// <summary>Which sources make spans of models, agents and tools: those of frameworks that are known, and those that somebody names.</summary>
internal sealed class SourcePatterns(IEnumerable<string> further)
{
    private static readonly string[] Known =
    [
        "Experimental.Microsoft.Extensions.AI",
        "Experimental.Microsoft.Extensions.AI.*",
        "Experimental.Microsoft.Agents.AI",
        "Experimental.Microsoft.Agents.AI.*",
        "Microsoft.Agents.AI",
        "Microsoft.Agents.AI.*",
        "Microsoft.SemanticKernel",
        "Microsoft.SemanticKernel.*",
        "OpenAI.*",

        // The SDK says nothing of its calls, on spans of tools neither, where nobody listens.
        "Experimental.ModelContextProtocol",
        RolloutActivitySource.Name,
    ];

    private readonly string[] patterns = [.. Known, .. further.Where(static name => !string.IsNullOrEmpty(name))];

    /// <summary>The patterns, for people.</summary>
    public string Text => string.Join(", ", patterns);

    public bool Matches(string source)
    {
        foreach (var pattern in patterns)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, source, ignoreCase: true))
            {
                return true;
            }
        }

        return false;
    }
}
