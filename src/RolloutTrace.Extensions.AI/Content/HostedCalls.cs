using System.Text;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Content;

/// <summary>Calls of tools that the service carries out itself, under the names that services have for them.</summary>
internal static class HostedCalls
{
    /// <summary>What a call asks for.</summary>
    public static void Ask(ToolCallContent call, out string name, out Dictionary<string, object?> arguments)
    {
        arguments = [];
        switch (call)
        {
            case WebSearchToolCallContent search:
                name = "web_search";
                arguments["queries"] = search.Queries;
                break;
            case CodeInterpreterToolCallContent { Inputs: var inputs }:
                name = "code_interpreter";
                arguments["code"] = string.Concat((inputs ?? []).Select(Code));
                var others = (inputs ?? []).Where(static input => Code(input) is null).ToList();
                if (others.Count > 0)
                {
                    arguments["inputs"] = others;
                }

                break;
            default:
                name = "image_generation";
                break;
        }
    }

    /// <summary>What came of a call.</summary>
    public static IList<AIContent>? Outputs(ToolResultContent result) => result switch
    {
        WebSearchToolResultContent search => search.Outputs,
        CodeInterpreterToolResultContent code => code.Outputs,
        ImageGenerationToolResultContent image => image.Outputs,
        _ => null,
    };

    private static string? Code(AIContent input) => input switch
    {
        TextContent text => text.Text,
        DataContent data when data.HasTopLevelMediaType("text") => Encoding.UTF8.GetString(data.Data.Span),
        _ => null,
    };
}
