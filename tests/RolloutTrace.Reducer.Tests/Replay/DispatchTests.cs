using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Replay;

public class DispatchTests
{
    private static readonly PayloadReference Payload = PayloadReference.ForNumber(1, PayloadKind.ToolResult);

    public static TheoryData<Type> EventTypes =>
        [.. typeof(RawEventPayload).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(RawEventPayload)) && t.IsSealed)];

    // Nothing that the event names exists, so most are refused; but by a reduction, and not for want of one.
    [Theory]
    [MemberData(nameof(EventTypes))]
    public void Every_event_type_has_a_reduction(Type type)
    {
        using var bundle = new TestBundle();
        var replay = new RolloutReplay(bundle.Open(), strict: false);
        var raw = new RawEvent { Seq = 1, WallTimeUnixMs = 2, RolloutId = TestBundle.Root, ThreadId = "t", CodexTurnId = "u", Payload = Some(type) };

        Should.NotThrow(() => replay.Apply(new RawEventLine { LineNumber = 1, EndOffset = 1, Event = raw }, payload: null));

        replay.Finish().Diagnostics.ShouldAllBe(d => d.Line == 1);
    }

    private static RawEventPayload Some(Type type)
    {
        var payload = (RawEventPayload)Activator.CreateInstance(type)!;
        foreach (var member in type.GetProperties().Where(p => p.CanWrite))
        {
            var value = member.PropertyType == typeof(string) ? "x"
                : member.PropertyType == typeof(PayloadReference) ? Payload
                : member.PropertyType == typeof(ToolRequester) ? ToolRequester.Model
                : member.PropertyType == typeof(ToolCallKind) ? ToolCallKind.ForOther("x")
                : member.PropertyType == typeof(ToolCallSummary) ? new GenericSummary { Label = "x" }
                : member.PropertyType == typeof(IReadOnlyList<PayloadReference>) ? (object)new[] { Payload }
                : null;
            if (value is not null)
            {
                member.SetValue(payload, value);
            }
        }

        return payload;
    }
}
