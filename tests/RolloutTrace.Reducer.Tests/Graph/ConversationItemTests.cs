namespace RolloutTrace.Reducer.Tests.Graph;

public sealed class ConversationItemTests
{
    private static readonly ConversationItem Said = new()
    {
        ItemId = "conversation_item:1",
        ThreadId = "thread-1",
        CodexTurnId = "turn-1",
        FirstSeenAtUnixMs = 1000,
        Role = ConversationRole.Tool,
        Kind = ConversationItemKind.FunctionCallOutput,
        CallId = "call_1",
        Body = new() { Parts = [new TextPart { Text = "done" }, new PayloadReferencePart { Label = "input_image", RawPayloadId = "raw_payload:1" }] },
    };

    [Fact]
    public void SaysTheSame_WhereverAndWheneverItWasSeen()
    {
        var again = Said with
        {
            ItemId = "conversation_item:9",
            ThreadId = "thread-2",
            CodexTurnId = null,
            FirstSeenAtUnixMs = 2000,
            Body = new() { Parts = [new TextPart { Text = "done" }, new PayloadReferencePart { Label = "input_image", RawPayloadId = "raw_payload:7" }] },
        };

        Said.SaysTheSameAs(again).ShouldBeTrue();
        again.SaysTheSameAs(Said).ShouldBeTrue();
    }

    public static TheoryData<string, ConversationItem> Others => new()
    {
        { "role", Said with { Role = ConversationRole.User } },
        { "channel", Said with { Channel = ConversationChannel.Final } },
        { "kind", Said with { Kind = ConversationItemKind.CustomToolCallOutput } },
        { "call id", Said with { CallId = "call_2" } },
        { "text", Said with { Body = new() { Parts = [new TextPart { Text = "done." }, Said.Body.Parts[1]] } } },
        { "fewer parts", Said with { Body = new() { Parts = [Said.Body.Parts[0]] } } },
        { "another label", Said with { Body = new() { Parts = [Said.Body.Parts[0], new PayloadReferencePart { Label = "input_file", RawPayloadId = "raw_payload:1" }] } } },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void SaysSomethingElse_WhereOneThingDiffers(string what, ConversationItem other) =>
        Said.SaysTheSameAs(other).ShouldBeFalse(what);
}
