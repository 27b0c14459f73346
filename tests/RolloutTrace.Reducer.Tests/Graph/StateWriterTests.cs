using System.Text.Encodings.Web;
using System.Text.Json;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Graph;

public class StateWriterTests
{
    private static readonly RolloutJsonContext Generated = new(new JsonSerializerOptions(RolloutJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static TheoryData<string> All => [.. ConformanceCase.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void Save_AnyState_WritesWhatTheGeneratedContractWrites(string name)
    {
        var graph = RolloutReducer.Reduce(ConformanceCase.Named(name).Bundle).Graph;

        TestBundle.ToJson(graph).ShouldBe(JsonSerializer.Serialize(graph, Generated.RolloutGraph));
    }

    /// <summary>Texts that are too long to be gathered stand in their places among what is.</summary>
    [Fact]
    public void Save_TextsLongerThanWhatIsGathered_StandInTheirPlaces()
    {
        var graph = RolloutReducer.Reduce(ConformanceCase.Named("incremental-requests").Bundle).Graph;
        graph = graph with
        {
            ConversationItems = graph.ConversationItems.ToDictionary(item => item.Key, item => item.Value with { Body = new ConversationBody { Parts = [Kept(262_142), Kept(262_141), Kept(262_143), Kept(1_000_000)] } }),
        };

        TestBundle.ToJson(graph).ShouldBe(JsonSerializer.Serialize(graph, Generated.RolloutGraph));

        static TextPart Kept(int length)
        {
            using var document = JsonDocument.Parse($"\"{new string('x', length - 2)}\\n\"");
            return new TextPart { Text = "", Stored = StoredText.Of(document.RootElement) };
        }
    }

    [Fact]
    public void Save_LongListsWithACommonBeginning_WritesEachToItsEnd()
    {
        var common = IdList.From(Enumerable.Range(1, 100).Select(i => $"conversation_item:{i}"));
        var graph = RolloutReducer.Reduce(ConformanceCase.Named("incremental-requests").Bundle).Graph;
        var call = graph.InferenceCalls.Values.First();
        graph = graph with
        {
            InferenceCalls = new Dictionary<string, InferenceCall>
            {
                ["longest"] = call with { RequestItemIds = common.Append("x").Append("\"y\"") },
                ["shorter"] = call with { RequestItemIds = common, ResponseItemIds = common.Take(40) },
                ["other"] = call with { RequestItemIds = common.Append("z") },
            },
        };

        TestBundle.ToJson(graph).ShouldBe(JsonSerializer.Serialize(graph, Generated.RolloutGraph));
    }
}
