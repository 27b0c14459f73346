using Microsoft.Extensions.AI;
using RolloutTrace.Replay.Functions;

namespace RolloutTrace.Replay;

/// <summary>
/// Functions that give what was recorded of them. A call with a function's name and arguments that were recorded returns the recorded result, as the model got
/// it, or fails as it failed (<see cref="ReplayedFunctionException"/>); the same call made several times gets its results in the order in which the calls
/// were recorded. Any other call runs the function itself, or is an error. Arguments are the same if they differ only in how they are laid out, or in what is
/// never the same in two runs. Safe for concurrent use.
/// </summary>
public sealed class ReplayFunctions
{
    private readonly CallTable calls;

    /// <summary>Plays the calls of a recording from its beginning.</summary>
    /// <param name="run">The recording.</param>
    /// <param name="options">How to; null for the defaults.</param>
    public ReplayFunctions(RecordedRun run, ReplayFunctionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        calls = new CallTable(run, options ?? new ReplayFunctionOptions());
    }

    /// <summary>The function with its recorded results.</summary>
    /// <param name="function">The function.</param>
    public AIFunction Wrap(AIFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new ReplayedFunction(function, calls);
    }

    /// <summary>Tools of which the functions have their recorded results; others are as they were.</summary>
    /// <param name="tools">The tools.</param>
    public IList<AITool> Wrap(IEnumerable<AITool> tools)
    {
        ArgumentNullException.ThrowIfNull(tools);
        return [.. tools.Select(tool => tool is AIFunction function ? Wrap(function) : tool)];
    }
}
