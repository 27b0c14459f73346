using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Mapping;

namespace RolloutTrace.GenAI.Threads;

/// <summary>A call that an answer has, and that no tool call has carried out yet.</summary>
internal sealed record OpenCall(ModelItem Item, SpanKey Request);
