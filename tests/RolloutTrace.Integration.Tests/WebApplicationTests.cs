using OpenTelemetry.Trace;

namespace RolloutTrace.Integration.Tests;

/// <summary>An agent in a web application, each of whose requests is a span of ASP.NET Core's.</summary>
public sealed class WebApplicationTests
{
    private const string WebSource = "Microsoft.AspNetCore";
    private const string CallersTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string CallersSpan = "b7ad6b7169203331";

    [Fact]
    public async Task Turns_hang_below_the_request_that_they_answer_and_the_session_below_nothing()
    {
        using var pipeline = new Pipeline(builder => builder.AddSource(WebSource));
        await using var app = await AgentApplication.StartAsync(pipeline);

        await app.PostAsync("/sessions");
        await app.PostAsync("/turns", $"00-{CallersTrace}-{CallersSpan}-01");
        await app.PostAsync("/turns");
        await app.PostAsync("/end");
        await app.DisposeAsync();
        pipeline.ShutDown();

        var requests = app.Requests;
        var turns = pipeline.Spans.Where(span => span.DisplayName == "invoke_agent root").OrderBy(span => span.StartTimeUtc).ToList();
        turns.Select(turn => turn.ParentSpanId).ShouldBe([requests[1].SpanId, requests[2].SpanId]);
        turns.Select(turn => turn.TraceId).ShouldBe([requests[1].TraceId, requests[2].TraceId]);
        turns[0].TraceId.ToHexString().ShouldBe(CallersTrace);
        requests[1].ParentSpanId.ToHexString().ShouldBe(CallersSpan);

        var session = pipeline.Spans.Single(span => span.DisplayName == "agent_session /root");
        session.ParentSpanId.ShouldBe(default);
        session.TraceId.ShouldNotBeOneOf([.. requests.Select(request => request.TraceId)]);
        turns.ShouldAllBe(turn => turn.Links.Single().Context.SpanId == session.SpanId);
        var chats = pipeline.Spans.Where(span => span.DisplayName == "chat gpt-5").OrderBy(span => span.StartTimeUtc).ToList();
        chats.Select(chat => (chat.TraceId, chat.ParentSpanId)).ShouldBe(turns.Select(turn => (turn.TraceId, turn.SpanId)));
    }

    [Fact]
    public async Task The_request_stays_current_around_what_the_agent_does()
    {
        using var pipeline = new Pipeline(builder => builder.AddSource(WebSource));
        await using var app = await AgentApplication.StartAsync(pipeline);

        await app.PostAsync("/sessions");
        var current = await app.PostAsync("/turns");
        await app.DisposeAsync();

        current.ShouldBe(app.Requests[1].SpanId.ToHexString());
    }

    [Fact]
    public async Task The_bundle_gives_the_same_spans_the_parents_of_the_turns_too()
    {
        using var pipeline = new Pipeline(builder => builder.AddSource(WebSource));
        await using var app = await AgentApplication.StartAsync(pipeline);

        await app.PostAsync("/sessions");
        await app.PostAsync("/turns", $"00-{CallersTrace}-{CallersSpan}-01");
        await app.PostAsync("/end");
        await app.DisposeAsync();
        pipeline.ShutDown();

        pipeline.Spans.ShouldBeMadeAgainFrom(pipeline.Bundle);
    }
}
