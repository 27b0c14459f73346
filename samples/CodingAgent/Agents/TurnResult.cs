using RolloutTrace;
using RolloutTrace.Bundle;

namespace CodingAgent.Agents;

/// <summary>How a turn ended.</summary>
/// <param name="Turn">The turn.</param>
/// <param name="Status">Completed, failed or cancelled.</param>
/// <param name="Text">What the agent said last, or what went wrong.</param>
internal sealed record TurnResult(Turn Turn, ExecutionStatus Status, string Text);
