using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Replay;

/// <summary>
/// One thing is damaged in a bundle that was sound. Everything whose evidence is untouched is in the state as before, every request before and
/// after is there, and a diagnostic says what is odd. Set ROLLOUT_TRACE_FUZZ_RUNS for more than a sample.
/// </summary>
public class SingleDamageTests
{
    private static readonly string[] Cases = [.. ConformanceCase.Names.Where(name => !ConformanceCase.Named(name).IsRefused)];

    [Fact]
    public void Nothing_but_what_is_damaged_is_lost()
    {
        var all = Cases.SelectMany(name => SingleDamage.Of(ConformanceCase.Named(name).Bundle).Select(damage => (Name: name, Damage: damage))).ToArray();
        all.Length.ShouldBeGreaterThan(5_000);
        var step = Math.Max(1, all.Length / Search.Runs(150));
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
        var after = result.Graph;
        if (damage.Lost is not null)
        {
            // What the line is about is lost with it, and one diagnostic says so, whatever else follows from it.
            return
            [
                .. result.Diagnostics.Count == 0 ? ["not told"] : Array.Empty<string>(),
                .. result.Diagnostics.Count > 3 ? [string.Join("; ", result.Diagnostics.Select(diagnostic => diagnostic.Message))] : Array.Empty<string>(),
                .. new[]
                {
                    Gone("thread", before.Threads.Keys, after.Threads.Keys),
                    Gone("turn", before.CodexTurns.Keys, after.CodexTurns.Keys),
                    Gone("request", before.InferenceCalls.Keys, after.InferenceCalls.Keys),
                    Gone("tool call", before.ToolCalls.Keys, after.ToolCalls.Keys),
                    Gone("compaction", before.Compactions.Keys, after.Compactions.Keys),
                    Gone("compaction request", before.CompactionRequests.Keys, after.CompactionRequests.Keys),
                }.SelectMany(gone => gone).Where(gone => !damage.Lost.Contains(gone.Split(' ')[^3], StringComparison.Ordinal)),
            ];
        }

        return
        [
            .. Gone("thread", before.Threads.Keys, after.Threads.Keys),
            .. Gone("turn", before.CodexTurns.Keys, after.CodexTurns.Keys),
            .. Gone("request", before.InferenceCalls.Keys, after.InferenceCalls.Keys),
            .. Gone("tool call", before.ToolCalls.Keys, after.ToolCalls.Keys),
            .. Gone("compaction", before.Compactions.Keys, after.Compactions.Keys),
            .. Gone("compaction request", before.CompactionRequests.Keys, after.CompactionRequests.Keys),
            .. Gone("payload", before.RawPayloads.Keys, after.RawPayloads.Keys),
            .. before.InferenceCalls.Keys.Where(after.InferenceCalls.ContainsKey).SelectMany(id => LostOfRequest(before, after, id, damage)),
        ];
    }

    private static IEnumerable<string> Gone(string what, IEnumerable<string> ids, IEnumerable<string> now) => ids.Except(now).Select(id => $"{what} {id} is gone");

    private static IEnumerable<string> LostOfRequest(RolloutGraph before, RolloutGraph after, string id, SingleDamage damage)
    {
        var (call, now) = (before.InferenceCalls[id], after.InferenceCalls[id]);
        var payloadId = damage.Line > 0 ? null : before.RawPayloads.Values.FirstOrDefault(payload => payload.Path == damage.File)?.RawPayloadId;
        if (call.Execution.Status != now.Execution.Status && damage.Line == 0)
        {
            yield return $"{id} was {call.Execution.Status} and is {now.Execution.Status}";
        }

        if (Difference(Texts(before, call.RequestItemIds), Texts(after, now.RequestItemIds), payloadId, call.RawRequestPayloadId, damage) is { } shown)
        {
            yield return $"{id} was shown {shown}";
        }

        if (Difference(Texts(before, call.ResponseItemIds), Texts(after, now.ResponseItemIds), payloadId, call.RawResponsePayloadId, damage) is { } answered)
        {
            yield return $"{id} answered {answered}";
        }
    }

    // One payload may be damaged, or one item of it; all others say what they said. What is incremental also has what others showed.
    private static string? Difference(List<string> texts, List<string> now, string? damagedPayload, string? ownPayload, SingleDamage damage)
    {
        if (damagedPayload is not null && damage.Item < 0)
        {
            if (ownPayload == damagedPayload)
            {
                return null;
            }

            // Items that came from the damaged payload alone are not known: the rest is there, in its order.
            texts = [.. texts.Where(now.Contains)];
            now = [.. now.Where(texts.Contains)];
        }

        var allowed = damage.Item >= 0 ? 1 : 0;
        return Math.Abs(texts.Count - now.Count) > allowed ? $"{texts.Count} items and now {now.Count}"
            : texts.Except(now).Count() > allowed ? string.Join(", ", texts.Except(now))
            : null;
    }

    private static List<string> Texts(RolloutGraph graph, IdList ids) => [.. ids.Select(id => Text(graph.ConversationItems[id]))];

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
