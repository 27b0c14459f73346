using System.Text;
using System.Text.Json.Nodes;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests;

/// <summary>The reducer agrees with the reference reducer on every conformance case.</summary>
public class ConformanceTests
{
    public static TheoryData<string> Accepted => [.. ConformanceCase.Names.Where(name => !ConformanceCase.Named(name).IsRefused)];

    public static TheoryData<string> Refused => [.. ConformanceCase.Names.Where(name => ConformanceCase.Named(name).IsRefused)];

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Strict_reduction_gives_the_expected_state(string name) => StateOf(name, strict: true).ShouldBe(Expected(name));

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Tolerant_reduction_gives_the_same_state_without_diagnostics(string name) => StateOf(name, strict: false).ShouldBe(Expected(name));

    [Theory]
    [MemberData(nameof(Refused))]
    public void Strict_reduction_refuses_and_names_file_and_line(string name)
    {
        var bundle = ConformanceCase.Named(name).Bundle;

        var refusal = Should.Throw<ReductionException>(() => RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true }));

        refusal.Message.ShouldStartWith($"{Path.Join(bundle, "trace.jsonl")}, line {refusal.Diagnostic.Line}");
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Tolerant_reduction_gives_a_state_and_says_first_what_strict_reduction_refuses(string name)
    {
        var bundle = ConformanceCase.Named(name).Bundle;
        var refusal = Should.Throw<ReductionException>(() => RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true }));

        var result = RolloutReducer.Reduce(bundle);

        result.Diagnostics[0].Line.ShouldBe(refusal.Diagnostic.Line);
        result.Graph.Diagnostics.ShouldBe(result.Diagnostics);
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void A_state_survives_saving_and_loading(string name)
    {
        var saved = Save(RolloutReducer.Reduce(ConformanceCase.Named(name).Bundle).Graph);

        var loaded = RolloutGraph.Load(new MemoryStream(Encoding.UTF8.GetBytes(saved)));

        Save(loaded).ShouldBe(saved);
    }

    private static string StateOf(string name, bool strict) =>
        Indented(Save(RolloutReducer.Reduce(ConformanceCase.Named(name).Bundle, new ReductionOptions { Strict = strict }).Graph));

    private static string Expected(string name) => Indented(ConformanceCase.Named(name).ExpectedState);

    private static string Save(RolloutGraph graph)
    {
        using var stream = new MemoryStream();
        graph.Save(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Indented(string json) => Sorted(JsonNode.Parse(json))!.ToJsonString(new() { WriteIndented = true });

    // The order of members is free, so both sides are compared with theirs sorted.
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Sorted(m.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
