namespace CodingAgent.ScriptedModel;

/// <summary>What the model answers when it is asked to sum up.</summary>
internal sealed class SummaryScript : Script
{
    public override Answer Next(Conversation conversation) => new(
        "summary",
        Answer.Says("summary", $"{RootScript.SummaryMark} slug.sh kept capitals and doubled hyphens. It is patched and gives the right slugs for two titles. {LeftToDo(conversation)}"));

    private static string LeftToDo(Conversation conversation) =>
        conversation.Helper is null && !conversation.HasCall("call_ask") ? "Left to do: run test.sh, have the helper /root/reviewer review the change, close it."
        : conversation.HasCall("call_ask_again") ? $"{RootScript.Reviewed} Left to do: run test.sh."
        : "Left to do: run test.sh, have the helper review the change.";
}
