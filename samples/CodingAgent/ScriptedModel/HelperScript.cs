namespace CodingAgent.ScriptedModel;

/// <summary>What the helper's model answers: it reads, and says what it thinks.</summary>
internal sealed class HelperScript : Script
{
    public override Answer Next(Conversation conversation) => conversation.LastWords switch
    {
        RootScript.FirstTask =>
            Call(conversation, "call_helper_read", "exec_command", RootScript.Command("cat slug.sh test.sh"))
            ?? new Answer("helper_cause", Answer.Says("helper_cause", "tr ' ' '-' keeps capitals, and makes one hyphen of each space. The test wants lower case and single hyphens.")),
        RootScript.SecondTask =>
            Call(conversation, "call_helper_review", "exec_command", RootScript.Command("cat slug.sh"), Answer.Thinks("helper_review", "Is it still plain sh?"))
            ?? new Answer("helper_verdict", Answer.Says("helper_verdict", "The change is right, and plain sh.")),
        var words => throw new InvalidOperationException($"The script has no answer to: {words}"),
    };
}
