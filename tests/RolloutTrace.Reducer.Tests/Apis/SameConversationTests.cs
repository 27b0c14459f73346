using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Apis;

/// <summary>The same conversation, written in each API, is the same conversation: the same items, the same links, the same tokens.</summary>
public sealed class SameConversationTests
{
    private static readonly Gen<int[]> Choices = Gen.Choose(0, 999).ArrayOf(30);

    [Fact]
    public void A_conversation_is_the_same_in_every_API() => Prop.ForAll(Choices.ToArbitrary(), static choices =>
    {
        var talk = Talk(choices);
        foreach (var api in ApiWriter.All)
        {
            var expected = Reduce(static (_, _) => ApiWriter.All[0], talk, api.CountsReasoning);
            Reduce((_, _) => api, talk).ShouldBe(expected, $"in {api}");
        }
    }).ShouldHold(20);

    [Fact]
    public void A_session_may_mix_APIs_that_give_ids() => Prop.ForAll(Choices.ToArbitrary(), static choices =>
    {
        var talk = Talk(choices);
        var expected = Reduce(static (_, _) => ApiWriter.All[0], talk);

        // Anthropic signs thoughts, and Gemini's calls have no ids: what one of them leaves out, the others cannot have.
        ApiWriter[] apis = [.. ApiWriter.All.Where(static api => api.Name is not ("messages" or "gemini"))];
        Reduce((request, answer) => apis[choices[(request + (answer ? 7 : 0)) % choices.Length] % apis.Length], talk).ShouldBe(expected);
    }).ShouldHold(20);

    // Rounds of an agent: what was shown, and what the model answered.
    private static List<(Entry[] Shown, Answered Answer)> Talk(int[] choices)
    {
        // Where the same is called again and again, and the history does not begin where it did, nobody could say which call is which.
        var forgets = choices[0] % 2 == 0;
        var rounds = new List<(Entry[], Answered)>();
        var history = new List<Entry> { new Asked("How is the weather?") };
        for (var i = 0; i + 4 < choices.Length; i += 5)
        {
            var calls = Enumerable.Range(0, choices[i] % 3)
                .Select(n => new Call(
                    $"call_{i}_{n}",
                    (choices[i + 1] + n) % 2 == 0 ? "weather" : "time",
                    $$"""{"place":"{{(forgets ? 0 : choices[i + 2] + n) % 3}}","again":{{(forgets ? (10 * i) + n : 0)}}}""",
                    $$"""{"answer":{{(choices[i + 3] + n) % 4}}}"""))
                .ToArray();
            var answer = new Answered(choices[i + 4] % 3 == 0 ? $"thought {i}" : null, calls.Length == 0 || choices[i + 4] % 2 == 0 ? $"said {choices[i + 4] % 5}" : null, calls);
            rounds.Add(([.. history], answer));
            history.Add(answer);
            history.Add(calls.Length > 0 ? new Given(calls) : new Asked($"and then {choices[i + 1] % 2}?"));
            if (forgets && choices[i] % 3 == 0)
            {
                // An agent makes room: what was first is left out. A result never stands without its call.
                history.RemoveRange(0, Math.Min(choices[i + 1] % 2 * 2, history.Count - 2));
                history.RemoveRange(0, history.FindIndex(static entry => entry is not Given));
            }
        }

        return rounds;
    }

    private static string Reduce(Func<int, bool, ApiWriter> api, List<(Entry[] Shown, Answered Answer)> talk, bool countsReasoning = true)
    {
        using var bundle = new TestBundle().WithTurn();
        for (var i = 0; i < talk.Count; i++)
        {
            var usage = new TokenUsage(100 + i, 20 + i, 30, 0, talk[i].Answer.Thought is null || !countsReasoning ? 0 : 5);
            bundle.Request($"i{i}", api(i, false).Request(talk[i].Shown));
            bundle.Respond($"i{i}", api(i, true).Response(talk[i].Answer, $"r{i}", usage), $"r{i}");
        }

        var text = Told(bundle.Reduce());
        if (!Enumerable.Range(0, talk.Count).Any(i => api(i, true).Name == "response_object"))
        {
            Told(bundle.Reduce(strict: true)).ShouldBe(text);
        }

        return text;
    }

    private static string Told(ReductionResult result)
    {
        result.Diagnostics.ShouldBeEmpty();
        var text = new StringBuilder();
        var calls = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var request in result.Graph.InferenceCalls.Values)
        {
            text.Append($"{request.InferenceCallId} [{string.Join(' ', request.RequestItemIds)}] -> [{string.Join(' ', request.ResponseItemIds)}] in {request.Usage!.InputTokens}, cached {request.Usage.CachedInputTokens}, written {request.Usage.CacheWriteInputTokens}, out {request.Usage.OutputTokens}, reasoning {request.Usage.ReasoningOutputTokens}\n");
        }

        foreach (var id in result.Graph.Threads[TestBundle.Root].ConversationItemIds)
        {
            var item = result.Graph.ConversationItems[id];
            if (item.CallId is { } call)
            {
                calls.TryAdd(call, calls.Count);
            }

            text.Append($"{id} {item.Role} {item.Channel} {item.Kind} {(item.CallId is null ? "" : calls[item.CallId])}: {string.Join('|', item.Body.Parts.Select(Text).OfType<string>())}\n");
        }

        return text.ToString();
    }

    // Whether a result stands as text or as JSON is the API's matter.
    private static string? Text(ConversationPart part) => part switch
    {
        TextPart p => p.Text,
        JsonPart p => p.Summary,
        EncodedPart => null,
        _ => throw new InvalidOperationException($"no API wrote a {part}"),
    };
}
