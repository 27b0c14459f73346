using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace RolloutTrace.Tests;

/// <summary>What a request says besides its messages stands on its span, whatever API it is for and in whatever form it is handed over.</summary>
public sealed partial class RequestParametersTests
{
    private const string Responses = """
        {"model":"m","stream":true,"temperature":0.5,"top_p":0.9,"max_output_tokens":100,"reasoning":{"effort":"high","summary":"auto"},
         "text":{"format":{"type":"json_schema","name":"n"}},"previous_response_id":"resp_1","input":[{"temperature":9}],"metadata":{"stream":false}}
        """;

    [Theory]
    [InlineData(Responses, "max_tokens=100 output.type=json previous_response.id=resp_1 reasoning.level=high stream=True temperature=0.5 top_p=0.9")]
    [InlineData("""{"messages":[],"stream":false,"temperature":1,"max_completion_tokens":7,"n":2,"stop":["a","b"],"seed":3,"frequency_penalty":0.25,"presence_penalty":-1,"reasoning_effort":"low","response_format":{"type":"json_object"}}""", "choice.count=2 frequency_penalty=0.25 max_tokens=7 output.type=json presence_penalty=-1 reasoning.level=low seed=3 stop_sequences=a,b stream=False temperature=1")]
    [InlineData("""{"messages":[],"n":1,"stop":"END","max_tokens":5}""", "max_tokens=5 stop_sequences=END")]
    [InlineData("""{"system":"s","messages":[],"max_tokens":64,"top_k":40,"stop_sequences":["x"],"output_config":{"effort":"medium"},"stream":true}""", "max_tokens=64 reasoning.level=medium stop_sequences=x stream=True top_k=40")]
    [InlineData("""{"contents":[],"generationConfig":{"temperature":0.1,"topP":0.2,"topK":3,"maxOutputTokens":4,"candidateCount":2,"stopSequences":["z"],"seed":5,"responseMimeType":"application/json","thinkingConfig":{"thinkingLevel":"LOW"}}}""", "choice.count=2 max_tokens=4 output.type=json reasoning.level=LOW seed=5 stop_sequences=z temperature=0.1 top_k=3 top_p=0.2")]
    [InlineData("""{"input":[],"temperature":"warm","top_p":null,"max_output_tokens":1.5,"stream":1,"stop":[],"reasoning":"high"}""", "")]
    [InlineData("""{"input":[""", "")]
    [InlineData("""[{"role":"user"}]""", "")]
    public void Every_api_has_words_for_them(string request, string expected) => Said(JsonPayload.OfJson(request)).ShouldBe(expected);

    [Fact]
    public void They_are_read_from_every_form_of_a_request()
    {
        using var document = JsonDocument.Parse(Responses);
        var expected = Said(JsonPayload.OfJson(Responses));
        var typed = new TypedRequest("m", Stream: true, Temperature: 0.5, TopP: 0.9, MaxOutputTokens: 100, new TypedReasoning("high"), new TypedText(new TypedFormat("json_schema")), "resp_1", ["hello"]);

        Said(Encoding.UTF8.GetBytes(Responses)).ShouldBe(expected);
        Said(Encoding.UTF8.GetBytes("\ufeff" + Responses)).ShouldBe(expected);
        Said(document.RootElement).ShouldBe(expected);
        Said(JsonNode.Parse(Responses)).ShouldBe(expected);
        Said(JsonPayload.From(typed, TypedContext.Default.TypedRequest)).ShouldBe(expected);
    }

    [Fact]
    public void An_object_is_not_serialised_for_them()
    {
        using var traced = new TracedRollout(records: false);
        using var turn = traced.StartTurn();
        var request = new CountingRequest { Temperature = 0.5 };

        turn.StartModelRequest("m", JsonPayload.From(request, TypedContext.Default.CountingRequest)).Dispose();

        traced.Span("chat m").GetTagItem(RolloutAttributes.GenAI.RequestTemperature).ShouldBe(0.5);
        request.Reads.ShouldBe(0);
    }

    [Fact]
    public void What_the_caller_says_of_the_response_before_counts_for_more()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();

        turn.StartModelRequest("m", JsonPayload.OfJson(Responses), new() { PreviousResponseId = "given" }).Dispose();

        traced.Span("chat m").GetTagItem(RolloutAttributes.GenAI.RequestPreviousResponseId).ShouldBe("given");
    }

    [Theory]
    [InlineData("https://api.openai.com/v1", "api.openai.com", 443)]
    [InlineData("http://127.0.0.1:8080", "127.0.0.1", 8080)]
    public void Where_requests_go_is_their_host_and_port(string endpoint, string address, int port)
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession(new() { Endpoint = new Uri(endpoint) });
        using var turn = session.SpawnAgent("helper").StartTurn();

        turn.StartModelRequest("m", JsonPayload.OfJson(Responses)).Dispose();
        turn.StartModelRequest("n", JsonPayload.OfJson(Responses), new() { Endpoint = new Uri("https://other.example:444/secret") }).Dispose();

        traced.Span("chat m").GetTagItem(RolloutAttributes.Server.Address).ShouldBe(address);
        traced.Span("chat m").GetTagItem(RolloutAttributes.Server.Port).ShouldBe(port);
        traced.Span("chat n").GetTagItem(RolloutAttributes.Server.Address).ShouldBe("other.example");
        traced.Span("chat n").GetTagItem(RolloutAttributes.Server.Port).ShouldBe(444);
    }

    private static string Said(in JsonPayload request)
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        turn.StartModelRequest("m", request).Dispose();
        return string.Join(' ', traced.Span("chat m").TagObjects
            .Where(static tag => tag.Key.StartsWith("gen_ai.request.", StringComparison.Ordinal) && tag.Key != RolloutAttributes.GenAI.RequestModel || tag.Key == RolloutAttributes.GenAI.OutputType)
            .Select(static tag => FormattableString.Invariant($"{tag.Key.Replace("gen_ai.", "").Replace("request.", "")}={(tag.Value is string[] texts ? string.Join(',', texts) : tag.Value)}"))
            .Order(StringComparer.Ordinal));
    }

    internal sealed record TypedRequest(string Model, bool Stream, double Temperature, double TopP, int MaxOutputTokens, TypedReasoning Reasoning, TypedText Text, string PreviousResponseId, string[] Input);

    internal sealed record TypedReasoning(string Effort);

    internal sealed record TypedText(TypedFormat Format);

    internal sealed record TypedFormat(string Type);

    internal sealed class CountingRequest
    {
        [JsonIgnore]
        public int Reads { get; private set; }

        public double Temperature { get; init; }

        public string[] Input
        {
            get
            {
                Reads++;
                return [];
            }
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(TypedRequest))]
    [JsonSerializable(typeof(CountingRequest))]
    internal sealed partial class TypedContext : JsonSerializerContext;
}
