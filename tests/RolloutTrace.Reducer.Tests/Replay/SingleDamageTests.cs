using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Replay;

/// <summary>
/// One thing is damaged in a bundle that was sound. Everything whose evidence is untouched is in the state as before, every request before and
/// after is there, and a diagnostic says what is odd. Set ROLLOUT_TRACE_FUZZ_RUNS for more than a sample.
/// </summary>
public class SingleDamageTests
{
    private static readonly string[] Cases = [.. ConformanceCase.Names.Where(name => !ConformanceCase.Named(name).IsRefused)];

    private static int Runs => int.TryParse(Environment.GetEnvironmentVariable("ROLLOUT_TRACE_FUZZ_RUNS"), out var runs) ? runs : 400;

    [Fact]
    public void Nothing_but_what_is_damaged_is_lost()
    {
        var all = Cases.SelectMany(name => SingleDamage.Of(ConformanceCase.Named(name).Bundle).Select(damage => (Name: name, Damage: damage))).ToArray();
        all.Length.ShouldBeGreaterThan(5_000);
        var step = Math.Max(1, all.Length / Runs);
        var lost = new List<string>();
        for (var i = 0; i < all.Length; i += step)
        {
            var (name, damage) = all[i];
            lost.AddRange(Lost(name, damage).Select(what => $"{name}: {damage.Name}: {what}"));
        }

        lost.ShouldBeEmpty();
    }

    private static List<string> Lost(string name, SingleDamage damage)
    {
        using var bundle = TestBundle.Copy(ConformanceCase.Named(name).Bundle);
        var before = RolloutReducer.Reduce(bundle.Directory).Graph;
        var file = Path.Join(bundle.Directory, damage.File);
        if (damage.Inflict(File.ReadAllBytes(file)) is { } damaged)
        {
            File.WriteAllBytes(file, damaged);
        }
        else
        {
            File.Delete(file);
        }

        var result = RolloutReducer.Reduce(bundle.Directory);
        var lost = new List<string>();
        var payloadId = damage.Line > 0 ? null : before.RawPayloads.Values.FirstOrDefault(payload => payload.Path == damage.File)?.RawPayloadId;
        Missing("thread", before.Threads.Keys, result.Graph.Threads.Keys);
        Missing("turn", before.CodexTurns.Keys, result.Graph.CodexTurns.Keys);
        Missing("request", before.InferenceCalls.Keys, result.Graph.InferenceCalls.Keys);
        Missing("tool call", before.ToolCalls.Keys, result.Graph.ToolCalls.Keys);
        Missing("compaction", before.Compactions.Keys, result.Graph.Compactions.Keys);
        Missing("compaction request", before.CompactionRequests.Keys, result.Graph.CompactionRequests.Keys);
        Missing("payload", before.RawPayloads.Keys, result.Graph.RawPayloads.Keys);
        foreach (var (id, call) in before.InferenceCalls)
        {
            if (result.Graph.InferenceCalls.TryGetValue(id, out var now))
            {
                Compare($"{id} was shown", before, call.RequestItemIds, result.Graph, now.RequestItemIds, call.RawRequestPayloadId);
                Compare($"{id} answered", before, call.ResponseItemIds, result.Graph, now.ResponseItemIds, call.RawResponsePayloadId);
                if (call.Execution.Status != now.Execution.Status && damage.Line == 0)
                {
                    lost.Add($"{id} was {call.Execution.Status} and is {now.Execution.Status}");
                }
            }
        }

        return lost;

        void Missing(string what, IEnumerable<string> ids, IEnumerable<string> now) => lost.AddRange(ids.Except(now).Select(id => $"{what} {id} is gone"));

        // One payload may be damaged, or one item of it; all others say what they said. What is incremental also has what others showed.
        void Compare(string what, RolloutGraph graph, IdList ids, RolloutGraph graphNow, IdList idsNow, string? itsPayload)
        {
            var isIts = itsPayload == payloadId && payloadId is not null;
            if (isIts && damage.Item < 0)
            {
                return;
            }

            var texts = ids.Select(id => Text(graph.ConversationItems[id])).ToList();
            var textsNow = idsNow.Select(id => Text(graphNow.ConversationItems[id])).ToList();
            if (payloadId is not null && damage.Item < 0)
            {
                // Items that came from the damaged payload alone are not known: the rest is there, in its order.
                texts = [.. texts.Where(textsNow.Contains)];
                textsNow = [.. textsNow.Where(texts.Contains)];
            }

            if (texts.Count != textsNow.Count && !(damage.Item >= 0 && Math.Abs(texts.Count - textsNow.Count) <= 1))
            {
                lost.Add($"{what}: {texts.Count} items and now {textsNow.Count}");
            }
            else if (texts.Except(textsNow).Count() > (payloadId is not null && damage.Item >= 0 ? 1 : 0))
            {
                lost.Add($"{what}: {string.Join(", ", texts.Except(textsNow))} is gone");
            }
        }
    }

    private static string Text(ConversationItem item) => $"{item.Role} {item.Kind} {string.Join(" | ", item.Body.Parts.Select(Text))}";

    private static string? Text(ConversationPart part) => part switch
    {
        TextPart p => p.Text,
        SummaryPart p => p.Text,
        EncodedPart p => p.Value,
        JsonPart p => p.Summary,
        CodePart p => p.Source,
        PayloadReferencePart p => p.Label,
        _ => null,
    };
}
