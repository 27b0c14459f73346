using RolloutTrace.Analysis.Invariants;
using RolloutTrace.Reducer;


namespace RolloutTrace.Analysis;

/// <summary>
/// What holds for every state that a reduction gives, of a sound bundle or a defective one: ids resolve, links
/// go both ways, and things that belong together are of one thread.
/// </summary>
/// <remarks>
/// Four ids may name nothing, since what they name may have left no evidence: the rollout's root thread, a spawned
/// thread's parent, its spawn edge, and the code cell that asked for a tool call.
/// </remarks>
public static class RolloutInvariants
{
    /// <summary>Everything that does not hold, in a fixed order; empty for a sound state. Linear in the state's size.</summary>
    public static IReadOnlyList<InvariantViolation> Check(RolloutGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var scope = new InvariantScope(graph);
        new AgentInvariants(scope).Check();
        new ConversationInvariants(scope).Check();
        new InferenceInvariants(scope).Check();
        new ToolInvariants(scope).Check();
        new CodeCellInvariants(scope).Check();
        new TerminalInvariants(scope).Check();
        new CompactionInvariants(scope).Check();
        return scope.Violations;
    }
}
