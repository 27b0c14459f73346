using System.Text.Json;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

/// <summary>
/// What a request repeats of the one before it is compared by its bytes and not parsed. Whatever is repeated, the answers are those of a bundle in which
/// nothing is, since each request stands there one blank further on.
/// </summary>
public class RepeatedHistoryTests
{
    [Theory]
    [InlineData("input")]
    [InlineData("messages")]
    [InlineData("blocks")]
    [InlineData("contents")]
    [InlineData("list")]
    public void Answers_are_those_of_histories_of_which_all_is_parsed(string dialect)
    {
        for (var seed = 1; seed <= 12; seed++)
        {
            var requests = Histories(dialect, new Random(seed)).ToList();

            Answers(requests, static (_, json) => json).ShouldBe(Answers(requests, static (i, json) => new string(' ', i + 1) + json), $"seed {seed}");
        }
    }

    [Fact]
    public void A_number_that_goes_on_is_another_entry()
    {
        string[] requests = ["""{"input":[{"role":"user","content":"a"},{"role":"user","content":"b"},1]}""", """{"input":[{"role":"user","content":"a"},{"role":"user","content":"b"},12]}"""];

        Answers(requests, static (_, json) => json).ShouldBe(Answers(requests, static (i, json) => new string(' ', i + 1) + json));
    }

    // Histories that grow, lose their ends, change in the middle, or begin anew, as one list after the other.
    private static IEnumerable<string> Histories(string dialect, Random random)
    {
        List<string> entries = [];
        for (var request = 0; request < 12; request++)
        {
            switch (random.Next(6))
            {
                case 0 when entries.Count > 2: entries.RemoveRange(random.Next(1, entries.Count), 1); break;
                case 1 when entries.Count > 0: entries[random.Next(entries.Count)] = Entry(dialect, random); break;
                case 2 when entries.Count > 3: entries = [.. entries.Skip(2)]; break;
                default: break;
            }

            entries.AddRange(Enumerable.Range(0, random.Next(4)).Select(_ => Entry(dialect, random)));
            var separator = random.Next(3) == 0 ? " , " : ",";
            var list = $"[{string.Join(separator, entries)}{(random.Next(4) == 0 ? " " : "")}]";
            var tools = $$"""[{"type":"function","name":"t{{random.Next(2)}}"}]""";
            yield return dialect switch
            {
                "list" => list,
                "blocks" => $$"""{"model":"m","system":"s{{random.Next(2)}}","messages":{{list}},"max_tokens":1}""",
                "contents" => $$$"""{"contents":{{{list}}},"systemInstruction":{"parts":[{"text":"s"}]}}""",
                _ => $$"""{"model":"m","instructions":"i","{{dialect}}":{{list}},"tools":{{tools}},"temperature":{{random.Next(2)}}}""",
            };
        }
    }

    private static string Entry(string dialect, Random random)
    {
        var text = JsonSerializer.Serialize(new string((char)('a' + random.Next(3)), random.Next(1, 4)) + "東\"]},");
        return (dialect, random.Next(3)) switch
        {
            ("contents", _) => $$$"""{"role":"user","parts":[{"text":{{{text}}}}]}""",
            ("blocks", 0) => $$$"""{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"n","input":{"a":[1,{"b":{{{text}}}}]}}]}""",
            ("blocks" or "messages", _) => $$"""{"role":"user","content":{{text}}}""",
            (_, 0) => $$"""{"type":"function_call","name":"n","call_id":"c{{random.Next(9)}}","arguments":"{}"}""",
            (_, 1) => $$"""{"type":"function_call_output","call_id":"c{{random.Next(9)}}","output":{{text}}}""",
            _ => $$"""{"type":"message","role":"user","content":[{"type":"input_text","text":{{text}}}]}""",
        };
    }

    private static List<string> Answers(IEnumerable<string> requests, Func<int, string, string> change)
    {
        using var bundle = new TestBundle().WithTurn();
        foreach (var (i, json) in requests.Index())
        {
            bundle.Request($"call-{i}", change(i, json));
            if (i % 4 != 3)
            {
                bundle.Respond($"call-{i}", """{"response_id":"r","output_items":[],"token_usage":{"input_tokens":9000,"cached_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0,"total_tokens":9001}}""");
            }
        }

        var rollout = OpenRollout.Open(bundle.Open());
        return
        [
            .. rollout.Index.RequestsOfThread(TestBundle.Root).SelectMany(request => new[]
            {
                JsonSerializer.Serialize(rollout.GivenOf(request)),
                JsonSerializer.Serialize(rollout.GivenChangeOf(request)),
                JsonSerializer.Serialize(RolloutContext.Origins(rollout, request)),
            }),
            .. RolloutCache.Of(rollout, RolloutCache.DefaultTimeToLive).Select(static use => JsonSerializer.Serialize(use)),
            .. RolloutContext.OriginsOfItems(rollout, rollout.Graph.Threads[TestBundle.Root]).Select(static item => item.ToString()),
        ];
    }
}
