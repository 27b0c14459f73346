using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Threads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>
/// Two spans for one call, the one directly inside the other: function invocation has one for what the model asked for, and a kernel inside it one for the
/// function that it runs, under the name that the function has there.
/// </summary>
internal static class SameCalls
{
    /// <summary>
    /// Whether the inner one is the outer one's: no other call is named, the tool's name is the end of the outer one's, and arguments, or where they are not told
    /// what the tools are said to do, are the same. A tool that runs itself or another one with what it was given anew stays a call of its own.
    /// </summary>
    public static bool Are(ToolReading inner, ToolReading outer)
    {
        if (inner.CallId is not null || inner.Name == outer.Name || !CallKeys.IsSameTool(outer.Name, inner.Name))
        {
            return false;
        }

        return inner.Arguments is { } given && outer.Arguments is { } asked
            ? ItemBuilder.Canonical(given) == ItemBuilder.Canonical(asked)
            : inner.Tags.Text("gen_ai.tool.description") is { } does && does == outer.Tags.Text("gen_ai.tool.description");
    }
}
