using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Conversation;

/// <summary>
/// What a request repeats is recognised by its bytes before anything is parsed. That must never change the state:
/// a bundle whose requests are all formatted differently, so that no bytes repeat, has the same one.
/// </summary>
public class RepeatedHistoryTests
{
    private const string Kid = "019d0000-0000-7000-8000-000000000002";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static TheoryData<string> Accepted => [.. ConformanceCase.Names.Where(name => !ConformanceCase.Named(name).IsRefused)];

    [Theory]
    [MemberData(nameof(Accepted))]
    public void State_OfRequestsFormattedDifferently_IsTheSame(string name)
    {
        var bundle = ConformanceCase.Named(name).Bundle;
        using var reformatted = TestBundle.Copy(bundle, changePayload: Reformat);

        TestBundle.ToJson(RolloutReducer.Reduce(bundle).Graph).ShouldBe(reformatted.ReduceToJson());
    }

    [Fact]
    public void State_OfHistoriesThatAreEditedAtWill_DoesNotDependOnTheirFormat()
    {
        var edit = Gen.Choose(0, 999).Three();
        Prop.ForAll(edit.ListOf().Resize(80).ToArbitrary(), edits =>
        {
            using var plain = new TestBundle().WithTurn().WithTurn(Kid, "turn-k", "/root/kid");
            using var reformatted = new TestBundle().WithTurn().WithTurn(Kid, "turn-k", "/root/kid");
            var history = new List<string>();
            var number = 0;
            foreach (var (what, where, which) in edits)
            {
                Edit(history, what, where, which, ref number);
                var request = $$"""{"model":"m","input":[{{string.Join(',', history)}}],"tools":[{"name":"t{{what % 3}}"}]}""";
                plain.Request($"i{number}", request);
                reformatted.Request($"i{number}", Reformat(request, number));
                if (what % 5 == 0)
                {
                    var item = Item(which + 7, number);
                    history.Add(item);
                    Respond(plain, number, item);
                    Respond(reformatted, number, item);
                }

                if (what % 5 == 1)
                {
                    // In another thread, so that items of this one are linked only when they are seen again.
                    StartTool(plain, number, $"c{number}");
                    StartTool(reformatted, number, $"c{number}");
                }

                number++;
            }

            // Ids of payloads run alike in both, so whole states can be compared, diagnostics included.
            plain.ReduceToJson().ShouldBe(reformatted.ReduceToJson());
        }).ShouldHold();
    }

    [Fact]
    public void State_OfAnItemThatStoodTwiceAndMovesBehindAnother_DoesNotDependOnItsFormat()
    {
        const string Words = """{"type":"message","role":"user","content":[{"type":"input_text","text":"continue"}]}""";
        const string Image = """{"type":"message","role":"user","content":[{"type":"input_image","image_url":"data:x"}]}""";
        using var plain = new TestBundle().WithTurn();
        using var reformatted = new TestBundle().WithTurn();
        string[][] histories = [[Image], [Words, Words], [Words, Words, Image], [Image, Words, Words]];
        foreach (var (number, history) in histories.Index())
        {
            var request = $$"""{"model":"m","input":[{{string.Join(',', history)}}]}""";
            plain.Request($"i{number}", request);
            reformatted.Request($"i{number}", Reformat(request, number));
            if (number == 0)
            {
                // A response's item may stand in its place and once more, and then has one id twice.
                Respond(plain, number, Words);
                Respond(reformatted, number, Words);
            }
        }

        plain.ReduceToJson().ShouldBe(reformatted.ReduceToJson());
    }

    private static void Edit(List<string> history, int what, int where, int which, ref int number)
    {
        switch (what % 13)
        {
            case 0 when history.Count > 0:
                history.RemoveAt(where % history.Count);
                break;
            case 1 when history.Count > 0:
                history[where % history.Count] = Item(which, number);
                break;
            case 2 when history.Count > 1:
                (history[0], history[^1]) = (history[^1], history[0]);
                break;
            case 3:
                history.Insert(where % (history.Count + 1), Item(which, number));
                break;
            case 4 when history.Count > 2:
                history.RemoveRange(history.Count / 2, history.Count - (history.Count / 2));
                break;
            case 5 when history.Count > 2:
                // The old goes, and a suffix stays.
                history.RemoveRange(1, where % (history.Count - 1));
                break;
            case 6 when history.Count > 1:
                history.Add(history[0]);
                history.RemoveAt(0);
                break;
            case 7 when history.Count > 0:
                history.Add(history[where % history.Count]);
                break;
            case 8:
                history.Reverse();
                break;
            default:
                history.Add(Item(which, number));
                break;
        }
    }

    private static string Item(int which, int number) => (which % 9) switch
    {
        8 => $$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_text","text":"{{number}}"}]}""",
        0 => """{"type":"message","role":"user","content":[{"type":"input_text","text":"continue"}]}""",
        1 => $$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"no {{number}}"}]}""",
        2 => """{"type":"message","role":"user","content":[{"type":"input_image","image_url":"data:x"}]}""",
        3 => """{"type":"additional_tools","tools":[]}""",
        4 => $$"""{"type":"reasoning","encrypted_content":"blob{{which % 3}}","summary":[]}""",
        5 => $$"""{"type":"reasoning","encrypted_content":"blob{{which % 3}}","summary":[{"type":"summary_text","text":"s"}],"content":[{"type":"text","text":"t"}]}""",
        6 => $$"""{"type":"function_call","name":"f","arguments":"{}","call_id":"c{{number}}"}""",
        _ => $$"""{"type":"function_call_output","output":[{"type":"input_image"}],"call_id":"c{{number}}"}""",
    };

    private static void Respond(TestBundle bundle, int number, string item) => bundle.Append(new InferenceCompletedEvent
    {
        InferenceCallId = $"i{number}",
        ResponseId = $"r{number}",
        ResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, $$"""{"output_items":[{{item}}]}"""),
    });

    private static void StartTool(TestBundle bundle, int number, string callId) => bundle.Append(
        new ToolCallStartedEvent
        {
            ToolCallId = $"t{number}",
            ModelVisibleCallId = callId,
            Requester = ToolRequester.Model,
            Kind = ToolCallKind.ForOther("f"),
            Summary = new GenericSummary { Label = "f" },
        },
        Kid,
        "turn-k");

    private static string Reformat(string json, int number)
    {
        using var document = JsonDocument.Parse(json);
        var formatted = number % 2 == 0 ? JsonSerializer.Serialize(document, Indented) : JsonSerializer.Serialize(document);
        return $"{new string(' ', number % 7)}{{\"format{number}\":0,{formatted[1..]}";
    }
}
