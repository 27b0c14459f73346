using System.Text.Json;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Tests.Conversation;

public class ItemNormalizerTests
{
    [Fact]
    public void Normalize_PassthroughMetadata_IsNoPartOfTheItemButMayBeOfItsArguments()
    {
        Parts("""{"type":"web_search_call","internal_chat_message_metadata_passthrough":1,"id":"w"}""")
            .ShouldBe([new JsonPart { Summary = """{"type":"web_search_call","id":"w"}""", RawPayloadId = "raw_payload:1" }]);
        Parts("""{"type":"function_call","arguments":{"internal_chat_message_metadata_passthrough":1}}""")
            .ShouldBe([new JsonPart { Summary = """{"internal_chat_message_metadata_passthrough":1}""", RawPayloadId = "raw_payload:1" }]);
    }

    [Theory]
    [InlineData("\"\\\"half a pair: \\\\ud800\\\"\"")]
    [InlineData("\"not JSON\"")]
    [InlineData("\"\"")]
    public void Normalize_ArgumentsThatAreNoJson_AreText(string arguments) =>
        Parts($$"""{"type":"function_call","arguments":{{arguments}}}""").ShouldHaveSingleItem().ShouldBeOfType<TextPart>();

    [Fact]
    public void Normalize_AdditionalTools_DoNotCount() => Normalize("""{"type":"additional_tools"}""").ShouldBeNull();

    [Fact]
    public void Normalize_UnknownType_IsKeptAsJsonWithAWarning()
    {
        var journal = new Journal();
        var defects = new DefectLog(journal);

        var content = Normalize("""{"type":"hologram"}""", new Lenient(defects, journal));

        content!.Parts.ShouldBe([new JsonPart { Summary = """{"type":"hologram"}""", RawPayloadId = "raw_payload:1" }]);
        defects.Diagnostics.Select(d => $"{d.Severity} {d.Code}: {d.Message}").ShouldBe(["Warning unknown_item_type: payload raw_payload:1 holds a model item of the unknown type 'hologram'; what cannot be read of it is kept as JSON"]);
    }

    private static IReadOnlyList<ConversationPart> Parts(string json) => Normalize(json)!.Parts;

    private static ItemContent? Normalize(string json) => Normalize(json, new Strict(new DefectLog(new Journal()), "trace.jsonl"));

    private static ItemContent? Normalize(string json, Tolerance tolerance)
    {
        var normalizer = new ItemNormalizer(tolerance);
        return normalizer.Normalize(normalizer.Read(JsonElement.Parse(json), Dialects.Default)[0], "raw_payload:1");
    }
}
