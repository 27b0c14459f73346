using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Joining.Parts;
using RolloutTrace.Joining.Tree;

namespace RolloutTrace.Joining.Writing;

/// <summary>
/// The events that joining adds: later calls of a thread, and answers that went back as a tool's output. Each comes behind the two events
/// that it tells of, whichever of them comes later.
/// </summary>
internal sealed class AddedEvents
{
    private readonly Dictionary<(Part Part, int Index), List<Added>> triggers = [];
    private readonly IdTable ids;

    public AddedEvents(IReadOnlyList<RolloutGroup> joined, IdTable ids)
    {
        this.ids = ids;
        foreach (var group in joined.Skip(1))
        {
            foreach (var call in group.Calls)
            {
                if (call.ToolCallId is null || call.Turns.Count == 0)
                {
                    continue;
                }

                if (call.CallerPart != group.Spawn!.CallerPart || call.ToolCallId != group.Spawn.ToolCallId)
                {
                    Add(new Added(group, call, call.Turns[0], null), call.Turns[0].Start);
                }

                if (call.Answer is var (turn, text))
                {
                    Add(new Added(group, call, turn, text), turn.Last);
                }
            }
        }
    }

    /// <summary>What comes behind an event, in order.</summary>
    public IEnumerable<Added> Behind(Part part, int index)
    {
        if (!triggers.Remove((part, index), out var list))
        {
            yield break;
        }

        foreach (var added in list)
        {
            if (--added.Awaited == 0)
            {
                yield return added;
            }
        }
    }

    /// <summary>The event of a later call's payload.</summary>
    public static byte[] CalledPayload(string toolCallId, string threadId, string turnId) => JsonLines.Written(json =>
    {
        json.WriteStartObject();
        json.WriteString("tool_call_id"u8, toolCallId);
        json.WriteString("thread_id"u8, threadId);
        json.WriteString("codex_turn_id"u8, turnId);
        json.WriteEndObject();
    });

    /// <summary>The event of an answer.</summary>
    public AgentResultObservedEvent Result(Added added) => new()
    {
        EdgeId = ObjectIds.AgentResultEdge(added.Group.RootThreadId, TurnOf(added), added.Call.CallerThreadId),
        ChildThreadId = added.Group.RootThreadId,
        ChildCodexTurnId = TurnOf(added),
        ParentThreadId = added.Call.CallerThreadId,
        Message = EventText.Of(added.Text),
        CarriedPayload = null,
        ToolCallId = ToolOf(added),
    };

    public string TurnOf(Added added) => ids.Of(added.Call.Callee, IdKind.Turn, added.Turn.TurnId);

    public string ToolOf(Added added) => ids.Of(added.Call.CallerPart, IdKind.Tool, added.Call.ToolCallId!);

    private void Add(Added added, int index)
    {
        Await(added, (added.Call.CallerPart, added.Call.Tool!.Start));
        Await(added, (added.Call.Callee, index));
    }

    private void Await(Added added, (Part, int) trigger) => (triggers.TryGetValue(trigger, out var list) ? list : triggers[trigger] = []).Add(added);

    /// <summary>An event to be added.</summary>
    internal sealed class Added(RolloutGroup group, PartCall call, PartTurn turn, string? text)
    {
        public RolloutGroup Group => group;

        public PartCall Call => call;

        public PartTurn Turn => turn;

        /// <summary>The answer; null for a call.</summary>
        public string? Text => text;

        /// <summary>How many of the events that it tells of are still to come.</summary>
        public int Awaited { get; set; } = 2;
    }
}
