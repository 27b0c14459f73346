using System.Diagnostics;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Files;
using RolloutTrace.GenAI.Items;

namespace RolloutTrace.GenAI.Tests.Whole;

public sealed class SpanSpoolTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2));

    private static readonly ForeignSpan Span = new()
    {
        TraceId = "0123456789abcdef0123456789abcdef",
        SpanId = "0123456789abcdef",
        ParentSpanId = "",
        Name = "chat \ud800 \u0000 é 🦊",
        SourceName = "some.source",
        Kind = ActivityKind.Client,
        Start = Start,
        End = Start.AddTicks(1),
        Status = ActivityStatusCode.Error,
        StatusDescription = "why",
        Resource = [new SpanTag("service.name", "app")],
        Attributes =
        [
            new SpanTag("text", "\udc00 text"), new SpanTag("text", ""), new SpanTag("nothing", null), new SpanTag("yes", true), new SpanTag("no", false),
            new SpanTag("long", long.MinValue), new SpanTag("double", -0.0), new SpanTag("texts", (string[])["a", ""]),
        ],
        Events = [new SpanEvent("event", Start, [new SpanTag("a", 1L)])],
        Links = [new SpanLink("t", "s", [new SpanTag("b", "c")])],
    };

    [Fact]
    public void What_was_put_aside_comes_back_as_it_was()
    {
        var spool = new SpanSpool();
        var bare = new ForeignSpan { TraceId = "t", SpanId = "s", Start = default };
        var spans = new[] { Span, bare, Span with { SourceVersion = "1", ParentSpanId = "p", End = null } };
        var places = spans.Select(span => spool.TryPut(span, out var place) ? place : throw new InvalidOperationException("it was not taken")).ToList();

        // In another order than they were put.
        for (var i = spans.Length - 1; i >= 0; i--)
        {
            Said(spool.Get(places[i])).ShouldBe(Said(spans[i]));
        }

        spool.Close();
    }

    [Fact]
    public void What_is_structured_comes_back_as_the_same_JSON()
    {
        const string Json = """{"a":[1,2.50,null,{"b":"\ud83e\udd8a"}],"a":1}""";
        using var document = JsonDocument.Parse(Json);
        var spool = new SpanSpool();
        spool.TryPut(Span with { Attributes = [new SpanTag("json", document.RootElement)] }, out var place).ShouldBeTrue();

        spool.Get(place).Attributes[0].Value.ShouldBeOfType<JsonElement>().GetRawText().ShouldBe(Json);
        spool.Close();
    }

    [Fact]
    public void An_item_that_was_put_aside_says_what_it_said()
    {
        var spool = new SpanSpool();
        var json = JsonSerializer.SerializeToUtf8Bytes(new { text = new string('x', 1000) });
        var item = new ModelItem { Kind = ItemKind.Message, Json = json, Hash = 1, Text = "\ud800 text" };
        item.PutAside(spool);
        item.PutAside(spool);

        item.Json.ShouldBe(json);
        item.Json.ShouldNotBeSameAs(json);
        item.Text.ShouldBe("\ud800 text");
        spool.Close();
    }

    [Fact]
    public void What_no_file_has_stays_where_it_is()
    {
        var spool = new SpanSpool();

        spool.TryPut(Span with { Attributes = [new SpanTag("date", Start)] }, out _).ShouldBeFalse();
        spool.TryPut(Span with { Caller = new CallerReference { RolloutId = "r" } }, out _).ShouldBeFalse();
        spool.TryPut(Span, out var place).ShouldBeTrue();
        Said(spool.Get(place)).ShouldBe(Said(Span));
        spool.Close();
    }

    private static List<object?> Said(ForeignSpan span) =>
    [
        span.TraceId, span.SpanId, span.ParentSpanId, span.Name, span.SourceName, span.SourceVersion, span.Kind, .. Said(span.Start),
        span.End is null, .. Said(span.End ?? default), span.Status, span.StatusDescription, .. Said(span.Resource), .. Said(span.Attributes),
        .. span.Events.SelectMany(static happened => (List<object?>)[happened.Name, .. Said(happened.Time), .. Said(happened.Attributes)]),
        .. span.Links.SelectMany(static link => (List<object?>)[link.TraceId, link.SpanId, .. Said(link.Attributes)]),
    ];

    private static List<object?> Said(DateTimeOffset time) => [time.Ticks, time.Offset];

    private static List<object?> Said(IReadOnlyList<SpanTag> tags) =>
        [.. tags.SelectMany(static tag => (List<object?>)[tag.Name, tag.Value?.GetType(), .. Values(tag.Value)])];

    private static IEnumerable<object?> Values(object? value) => value is string[] texts ? texts : [value];
}
