using System.Text;
using System.Text.Json.Nodes;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests;

/// <summary>The reducer agrees with the reference reducer on every conformance case.</summary>
public class ConformanceTests
{
    // What these hold is as good as the long form of it, except to strict reduction.
    private static readonly string[] ShortForms = ["content-forms", "input-not-a-list-refused"];

    public static TheoryData<string> Accepted => [.. ConformanceCase.Names.Where(name => !ConformanceCase.Named(name).IsRefused)];

    // What a tolerant reduction understands better than the reference: a refusal has its words.
    public static TheoryData<string> AcceptedAlike => [.. ConformanceCase.Names.Where(name => !ConformanceCase.Named(name).IsRefused && name != "content-forms")];

    public static TheoryData<string> RefusedByAll => [.. ConformanceCase.Names.Where(name => ConformanceCase.Named(name).IsRefused).Except(ShortForms)];

    public static TheoryData<string> Refused => [.. ConformanceCase.Names.Where(name => ConformanceCase.Named(name).IsRefused)];

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Strict_reduction_gives_the_expected_state(string name) => StateOf(name, strict: true).ShouldBe(Expected(name));

    [Theory]
    [MemberData(nameof(AcceptedAlike))]
    public void Tolerant_reduction_gives_the_same_state_and_finds_nothing_wrong(string name)
    {
        var result = RolloutReducer.Reduce(ConformanceCase.Named(name).Bundle);

        Indented(Save(result.Graph), IsOurs).ShouldBe(Expected(name));
        result.Diagnostics.ShouldAllBe(diagnostic => diagnostic.Severity == DiagnosticSeverity.Information || diagnostic.Code == DiagnosticCodes.LaterVersion);
        result.Diagnostics.Select(diagnostic => diagnostic.Code).ShouldBe(name switch
        {
            "otel-member-of-another-shape" => [DiagnosticCodes.MemberIgnored],
            "schema-version-is-not-checked" => [DiagnosticCodes.LaterVersion],
            _ => [],
        });
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Strict_reduction_refuses_and_names_file_and_line(string name)
    {
        var bundle = ConformanceCase.Named(name).Bundle;

        var refusal = Should.Throw<ReductionException>(() => RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true }));

        refusal.Message.ShouldStartWith($"{Path.Join(bundle, "trace.jsonl")}, line {refusal.Diagnostic.Line}");
    }

    [Theory]
    [MemberData(nameof(RefusedByAll))]
    public void Tolerant_reduction_gives_a_state_and_says_first_what_strict_reduction_refuses(string name)
    {
        var bundle = ConformanceCase.Named(name).Bundle;
        var refusal = Should.Throw<ReductionException>(() => RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true }));

        var result = RolloutReducer.Reduce(bundle);

        // Reasoning that says nothing is what the API sends by default: sound in tolerant mode.
        if (name != "reasoning-empty-refused")
        {
            result.Diagnostics[0].Line.ShouldBe(refusal.Diagnostic.Line);
        }

        (result.Graph.Diagnostics ?? []).ShouldBe(result.Diagnostics);
    }

    [Theory]
    [InlineData("content-forms", "not a list|[empty_content]|[empty_content]|[content]|no|[content]|[content]")]
    [InlineData("input-not-a-list-refused", "hello")]
    public void Tolerant_reduction_takes_short_forms_without_a_word(string name, string items)
    {
        var result = RolloutReducer.Reduce(ConformanceCase.Named(name).Bundle);

        result.Diagnostics.ShouldBeEmpty();
        string.Join('|', result.Graph.ConversationItems.Values.OrderBy(static item => item.ItemId, StringComparer.Ordinal).Select(Text)).ShouldBe(items);

        static string Text(ConversationItem item) => item.Body.Parts.ShouldHaveSingleItem() switch
        {
            TextPart text => text.Text,
            PayloadReferencePart reference => $"[{reference.Label}]",
            var other => other.ToString()!,
        };
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
        Indented(Save(RolloutReducer.Reduce(ConformanceCase.Named(name).Bundle, new ReductionOptions { Strict = strict }).Graph), IsOurs);

    // Members of our own, which the reference does not have.
    private static bool IsOurs(string member) => member is "otel" or "diagnostics";

    private static string Expected(string name) => Indented(ConformanceCase.Named(name).ExpectedState);

    private static string Save(RolloutGraph graph)
    {
        using var stream = new MemoryStream();
        graph.Save(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Indented(string json, Func<string, bool>? leaveOut = null) =>
        Sorted(JsonNode.Parse(json), leaveOut ?? (static _ => false))!.ToJsonString(new() { WriteIndented = true });

    // The order of members is free, so both sides are compared with theirs sorted.
    private static JsonNode? Sorted(JsonNode? node, Func<string, bool> leaveOut) => node switch
    {
        JsonObject o => new JsonObject(o
            .Where(m => !leaveOut(m.Key))
            .OrderBy(m => m.Key, StringComparer.Ordinal)
            .Select(m => KeyValuePair.Create(m.Key, Sorted(m.Value, leaveOut)))),
        JsonArray a => new JsonArray([.. a.Select(entry => Sorted(entry, leaveOut))]),
        _ => node?.DeepClone(),
    };
}
