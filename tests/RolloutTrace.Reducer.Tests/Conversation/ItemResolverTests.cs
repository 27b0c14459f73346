using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Tests.Conversation;

/// <summary>Whether an item is one that was seen before, or a new one.</summary>
public class ItemResolverTests
{
    private const string Thread = "thread-1";

    private readonly ReplayState state;
    private readonly Conversations conversations;
    private readonly SeenInEvent seen;
    private readonly Tolerance tolerance;
    private readonly Sighting sighting;

    public ItemResolverTests()
    {
        state = new ReplayState(new BundleManifest
        {
            TraceId = "trace-1", RolloutId = Thread, RootThreadId = Thread, StartedAtUnixMs = 0, SchemaVersion = 1, RawEventLog = "trace.jsonl", PayloadsDir = "payloads",
        });
        tolerance = new Lenient(new DefectLog(state.Journal), state.Journal);
        conversations = new Conversations(state.Journal, tolerance);
        seen = new SeenInEvent(state);
        var raw = new RawEvent { Seq = 1, WallTimeUnixMs = 0, RolloutId = Thread, ThreadId = Thread, Payload = new ThreadStartedEvent { ThreadId = Thread, AgentPath = "/root" } };
        state.Threads.Set(Thread, new AgentThread { ThreadId = Thread, AgentPath = "/root", Origin = new RootOrigin(), Execution = ExecutionWindow.StartedBy(raw) });
        sighting = new Sighting(raw, Thread, "turn-1", PayloadReference.ForNumber(1, PayloadKind.InferenceRequest));
    }

    [Fact]
    public void AtPlace_TheSame_IsSeenAgain_AndBehindTheEndANewOne()
    {
        var history = Seen("a", "b");

        Resolve(history, r => r.AtPlace(Text("a")), r => r.AtPlace(Text("b")), r => r.AtPlace(Text("c"))).ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public void AtPlace_SomethingElse_IsRefused_OrANewOneInItsPlaceIfThePolicySaysSo()
    {
        var history = Seen("a", "b");

        Should.Throw<ReductionFault>(() => Resolve(history, r => r.AtPlace(Text("x")))).Message
            .ShouldBe("payload raw_payload:1 rewrites history: the item at index 0 is not conversation_item:1");
        Resolve(new Keeping(), history, r => r.AtPlace(Text("x")), r => r.AtPlace(Text("b"))).ShouldBe(["3", "2"]);
    }

    [Fact]
    public void AtPlace_DoesNotLookElsewhere()
    {
        var history = Seen("a", "b");

        Resolve(new Keeping(), history, r => r.AtPlace(Text("b"))).ShouldBe(["3"]);
    }

    [Fact]
    public void AtPlaceOrAnywhere_PrefersItsPlace_ThenTheFirstThatIsLeft()
    {
        var history = Seen("a", "b", "a");

        Resolve(
            history,
            r => r.AtPlaceOrAnywhere(Text("b")),
            r => r.AtPlaceOrAnywhere(Text("a")),
            r => r.AtPlaceOrAnywhere(Text("a")),
            r => r.AtPlaceOrAnywhere(Text("a"))).ShouldBe(["2", "1", "3", "4"]);
    }

    [Fact]
    public void Anywhere_TakesTheFirstThatIsLeft_EvenIfItsPlaceSaysTheSame()
    {
        var history = Seen("a", "b", "a");

        Resolve(history, r => r.Anywhere(Text("b")), r => r.Anywhere(Text("x")), r => r.Anywhere(Text("a"))).ShouldBe(["2", "4", "1"]);
    }

    [Fact]
    public void Nothing_IsKnownAgain_ThatTheHistoryDoesNotHave()
    {
        Seen("a");

        Resolve(History.Empty, r => r.AtPlaceOrAnywhere(Text("a"))).ShouldBe(["2"]);
    }

    [Fact]
    public void OfAnUnknownHistory_WhatWasKnownBeforeIsKnownAgain()
    {
        var history = Seen("a", "b").Lost("replaced raw_payload:9");

        Resolve(history, r => r.AtPlaceOrAnywhere(Text("b")), r => r.AtPlaceOrAnywhere(Text("c"))).ShouldBe(["2", "3"]);
    }

    [Fact]
    public void Repeat_TakesTheItemsAtTheirPlaces_AndUsesThemUp()
    {
        var history = Seen("a", "a", "b");

        Resolve(
            history,
            r => { r.Repeat(1); return r.Items[^1]; },
            r => r.AtPlaceOrAnywhere(Text("b")),
            r => r.AtPlaceOrAnywhere(Text("a")),
            r => r.AtPlaceOrAnywhere(Text("a"))).ShouldBe(["1", "3", "2", "4"]);
    }

    [Fact]
    public void ACallIdWithOtherContent_IsRefused_OrANewItemIfThePolicySaysSo()
    {
        Resolve(History.Empty, r => r.AtPlace(Call("c1", "1")));

        Should.Throw<ReductionFault>(() => Resolve(History.Empty, r => r.AtPlace(Call("c1", "2")))).Message
            .ShouldBe("the model-visible call id c1 was used again with other content than conversation_item:1 has");
        Resolve(new Keeping(), History.Empty, r => r.AtPlace(Call("c1", "2"))).ShouldBe(["2"]);
    }

    [Fact]
    public void Observers_AreToldInOrder_WhatWasNewAndWhatWasSeenAgain()
    {
        var history = Seen("a", "b");
        seen.Clear();
        var observer = new Observer();

        Resolve(history, r => { r.Repeat(1); return r.Items[^1]; }, r => r.AtPlace(Text("b")), r => r.AtPlace(Text("c")));
        seen.Response("i1", IdList.Empty, IdList.From(["conversation_item:3"]));
        seen.TellTo(observer);

        observer.Told.ShouldBe(["repeated conversation_item:1 0..1", "again conversation_item:2", "new conversation_item:3", "response i1 1", "end"]);
    }

    [Fact]
    public void Observers_OfAnEventThatWasTakenBack_AreToldNothing()
    {
        Seen("a");
        seen.Clear();
        var observer = new Observer();

        seen.TellTo(observer);

        observer.Told.ShouldBe(["end"]);
    }

    private static ItemContent Text(string text) => new()
    {
        Role = ConversationRole.User, Kind = ConversationItemKind.Message, Parts = [new TextPart { Text = text }],
    };

    private static ItemContent Call(string callId, string arguments) => new()
    {
        Role = ConversationRole.Assistant, Kind = ConversationItemKind.FunctionCall, CallId = callId, Parts = [new TextPart { Text = arguments }],
    };

    private History Seen(params string[] texts)
    {
        var resolver = Resolver(new RefuseRewrites(), History.Empty);
        Array.ForEach(texts, text => resolver.AtPlace(Text(text)));
        return History.Known(resolver.Items);
    }

    private string[] Resolve(History history, params Func<ItemResolver, string>[] steps) => Resolve(new RefuseRewrites(), history, steps);

    private string[] Resolve(IRewritePolicy policy, History history, params Func<ItemResolver, string>[] steps)
    {
        var resolver = Resolver(policy, history);
        var ids = Array.ConvertAll(steps, step => step(resolver));
        resolver.Items.ShouldBe(ids);
        return Array.ConvertAll(ids, id => id["conversation_item:".Length..]);
    }

    private ItemResolver Resolver(IRewritePolicy policy, History history) =>
        new ItemSightings(state, conversations, seen, tolerance, policy).Resolve(sighting, history);

    private sealed class Keeping : IRewritePolicy
    {
        public void Rewritten(ConversationItem known, int index, string payloadId)
        {
        }

        public void CallIdReused(ConversationItem known, string callId)
        {
        }
    }

    private sealed class Observer : IItemObserver
    {
        public List<string> Told { get; } = [];

        public void ItemSighted(ConversationItem item, bool isNew) => Told.Add($"{(isNew ? "new" : "again")} {item.ItemId}");

        public void ItemsRepeated(IdList items, int start, int end) => Told.Add($"repeated {items[start]} {start}..{end}");

        public void ResponseSeen(string inferenceCallId, IdList former, IdList response) => Told.Add($"response {inferenceCallId} {response.Count}");

        public void EventSeen() => Told.Add("end");
    }
}
