using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>A thread of one run and the one that it stands for in the other; one of the two is null where only the other run has it.</summary>
/// <param name="A">The thread of the first run.</param>
/// <param name="B">The thread of the second run.</param>
internal sealed record ThreadPair(AgentThread? A, AgentThread? B);
