using RolloutTrace.Analysis;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli.Tests.Exporting;

public sealed class NewIdsTests
{
    private static readonly SpanReference Session = new() { TraceId = new string('a', 32), SpanId = new string('1', 16) };
    private static readonly SpanReference Turn = Session with { SpanId = new string('2', 16) };
    private static readonly SpanReference Request = Session with { SpanId = new string('3', 16) };
    private static readonly SpanReference Outside = new() { TraceId = new string('b', 32), SpanId = new string('9', 16) };

    [Fact]
    public void What_held_together_holds_together()
    {
        RolloutSpan[] spans =
        [
            Span(Session, null, []),
            Span(Turn, Outside, [Session]),
            Span(Request, Turn, [Session, Turn]),
        ];

        var renamed = new NewIds("word").Of(spans);

        var ids = renamed.Select(span => span.Reference).ToList();
        ids.Select(id => id.TraceId).Distinct().ShouldHaveSingleItem().ShouldNotBe(Session.TraceId);
        ids.ShouldAllBe(id => id.SpanId.Length == 16 && id.TraceId.Length == 32);
        ids.Select(id => id.SpanId).ShouldBeUnique();
        renamed.Select(span => span.Parent).ShouldBe([null, null, ids[1]]);
        renamed[1].Links.Select(link => link.Target).ShouldBe([ids[0]]);
        renamed[2].Links.Select(link => link.Target).ShouldBe([ids[0], ids[1]]);
        renamed[2].Attributes["rollout.link.session"].ShouldBe($"{Text(ids[0])},{Text(ids[1])}");
        renamed[2].Attributes["rollout.thread.id"].ShouldBe("thread-1");
    }

    // A link from one bundle leads into another, if both are exported with one word.
    [Fact]
    public void The_same_span_has_the_same_new_id_wherever_it_stands()
    {
        var target = new NewIds("word").Of([Span(Session, null, [])])[0].Reference;

        new NewIds("word").Of([Span(Turn, null, [Session])])[0].Links[0].Target.ShouldBe(target);
        new NewIds("other").Of([Span(Turn, null, [Session])])[0].Links[0].Target.ShouldNotBe(target);
    }

    private static RolloutSpan Span(SpanReference reference, SpanReference? parent, SpanReference[] links) => new()
    {
        Reference = reference,
        Parent = parent,
        Name = "chat",
        StartUnixNs = 1,
        EndUnixNs = 2,
        Attributes = new Dictionary<string, object> { ["rollout.thread.id"] = "thread-1", ["rollout.link.session"] = string.Join(',', links.Select(Text)) },
        Links = [.. links.Select(link => new RolloutSpanLink { Kind = RolloutSpanLinkKind.Session, Target = link })],
    };

    private static string Text(SpanReference reference) => $"{reference.TraceId}-{reference.SpanId}";
}
