using CodingAgent.Agents;
using CodingAgent.Model;
using OpenAI.Responses;

namespace CodingAgent.Tests.Agents;

public sealed class HistoryTests
{
    private readonly History history = new();

    [Fact]
    public void A_request_has_what_is_new_since_the_last_response_or_everything()
    {
        history.Add(ResponseItem.CreateUserMessageItem("one"));
        history.Add(new ModelResponse("resp_1", [ResponseItem.CreateAssistantMessageItem("two")], TotalTokens: 7, Attempt: null));
        history.Add(ResponseItem.CreateUserMessageItem("three"));

        Request(whole: false).ShouldBe("resp_1: three");
        Request(whole: true).ShouldBe(": one two three");
        history.Tokens.ShouldBe(7);
        history.ForgetResponses();
        Request(whole: false).ShouldBe(": one two three");
    }

    [Fact]
    public void Calls_without_an_answer_get_one_and_others_do_not_get_a_second()
    {
        history.Add(ResponseItem.CreateFunctionCallItem("call_1", "f", BinaryData.FromString("{}")));
        history.Add(ResponseItem.CreateFunctionCallOutputItem("call_1", "done"));
        history.Add(ResponseItem.CreateCustomToolCallItem("call_2", "x", "exec"));
        history.Add(ResponseItem.CreateFunctionCallItem("call_3", "f", BinaryData.FromString("{}")));

        history.AnswerOpenCalls("aborted");

        history.Items.Skip(4).Select(ToolCallItem.AnsweredBy).ShouldBe(["call_2", "call_3"]);
        history.Items[4].ShouldBeOfType<CustomToolCallOutputItem>().Output.ShouldHaveSingleItem().Text.ShouldBe("aborted");
    }

    private string Request(bool whole)
    {
        var request = new CreateResponseOptions();
        history.WriteTo(request, whole);
        return $"{request.PreviousResponseId}: {string.Join(' ', request.InputItems.Cast<MessageResponseItem>().Select(m => m.Content[0].Text))}";
    }
}
