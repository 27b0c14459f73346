using System.Diagnostics;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;

namespace RolloutTrace.Integration.Tests;

/// <summary>Spans that are made from a bundle know what the log knows, also where a process could only guess, or used an id again.</summary>
public sealed class ExactExportTests : IDisposable
{
    private const string Request = """{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"go"}]}]}""";

    private readonly Pipeline pipeline = new();

    [Fact]
    public void A_code_cell_whose_call_was_never_seen_has_a_span_with_its_tools_below()
    {
        var session = pipeline.StartSession();
        using (var turn = session.StartTurn())
        {
            using var cell = turn.StartCodeCell(new() { CallId = "cell_1", RuntimeCellId = "1", Source = "f()" });
            cell.StartToolCall(new() { Name = "f", Arguments = JsonPayload.OfJson("{}") }).Complete(JsonPayload.OfJson("7"));
            cell.Yielded(JsonPayload.OfJson("\"wait\""));
            cell.Fail("SyntaxError", JsonPayload.OfJson("\"no\""));
        }

        session.Complete();

        var spans = Exported();
        var made = Named(spans, "execute_tool exec");
        made.Attributes[RolloutAttributes.CodeCell.Status].ShouldBe("failed");
        made.Attributes[RolloutAttributes.Error.Type].ShouldBe("SyntaxError");
        Named(spans, "execute_tool f").Parent.ShouldBe(made.Reference);
        Spans().ShouldBeMadeAgainFrom(pipeline.Bundle);
    }

    [Fact]
    public void Code_cells_whose_ids_are_used_again_have_a_span_each_with_their_own_tools_below()
    {
        var session = pipeline.StartSession();
        using (var turn = session.StartTurn())
        {
            for (var i = 0; i < 3; i++)
            {
                using var asked = Answered(turn, """{"type":"custom_tool_call","call_id":"again","name":"exec","input":"f()"}""");
                using var cell = turn.StartCodeCell(new() { CallId = "again", RuntimeCellId = "1", Source = $"f({i})", CausedBy = asked });
                cell.StartToolCall(new() { Name = $"f{i}", Arguments = JsonPayload.OfJson("{}") }).Complete(JsonPayload.OfJson("7"));
                cell.Complete(JsonPayload.OfJson("8"));
            }
        }

        session.Complete();

        var spans = Exported();
        var cells = spans.Where(span => span.Name == "execute_tool exec").OrderBy(span => span.StartUnixNs).ToList();
        cells.Count.ShouldBe(3);
        cells.Select(cell => spans.Single(span => span.Parent == cell.Reference).Name).ShouldBe(["execute_tool f0", "execute_tool f1", "execute_tool f2"]);
        Spans().ShouldBeMadeAgainFrom(pipeline.Bundle);
    }

    [Fact]
    public void Calls_whose_ids_are_used_again_lead_each_to_the_request_that_asked()
    {
        var session = pipeline.StartSession();
        using (var turn = session.StartTurn())
        {
            for (var i = 0; i < 3; i++)
            {
                using var asked = Answered(turn, """{"type":"function_call","call_id":"call_0","name":"f","arguments":"{}"}""");
                turn.StartToolCall(new() { Name = "f", CallId = "call_0", Arguments = JsonPayload.OfJson("{}"), CausedBy = asked })
                    .Complete(JsonPayload.OfJson("""{"type":"function_call_output","call_id":"call_0","output":"ok"}"""));
            }
        }

        session.Complete();

        var spans = Exported();
        var requests = spans.Where(span => span.Name.StartsWith("chat ", StringComparison.Ordinal)).OrderBy(span => span.StartUnixNs).Select(span => span.Reference);
        spans.Where(span => span.Name == "execute_tool f").OrderBy(span => span.StartUnixNs).Select(span => Linked(span, RolloutSpanLinkKind.CausedBy)).ShouldBe(requests);
        Spans().ShouldBeMadeAgainFrom(pipeline.Bundle);
    }

    [Fact]
    public void A_call_whose_response_broke_off_before_it_was_written_leads_to_the_request_that_asked()
    {
        var session = pipeline.StartSession();
        using (var turn = session.StartTurn())
        {
            using var asked = turn.StartModelRequest("m", JsonPayload.OfJson(Request));
            turn.StartToolCall(new() { Name = "f", CallId = "call_1", Arguments = JsonPayload.OfJson("{}"), CausedBy = asked }).Cancel();
            asked.Fail(new HttpRequestException("reset"));
        }

        session.Complete();

        var spans = Exported();
        Linked(Named(spans, "execute_tool f"), RolloutSpanLinkKind.CausedBy).ShouldBe(Named(spans, "chat m").Reference);
        Spans().ShouldBeMadeAgainFrom(pipeline.Bundle);
    }

    [Fact]
    public void Input_to_a_terminal_whose_id_is_used_again_leads_to_the_call_that_created_it_last()
    {
        var session = pipeline.StartSession();
        using (var turn = session.StartTurn())
        {
            for (var i = 0; i < 2; i++)
            {
                using (var shell = turn.StartToolCall(new() { Name = "exec_command", CallId = $"shell_{i}", Arguments = JsonPayload.OfJson("{}") }))
                {
                    shell.StartCommand(["sh"], "/tmp", new() { TerminalId = "7" }).Exit(0);
                    shell.Complete();
                }

                // One says in its arguments which terminal it means, the other only at work.
                using var input = turn.StartToolCall(new() { Name = "write_stdin", CallId = $"input_{i}", Arguments = i == 0 ? JsonPayload.OfJson("""{"session_id":"7","chars":"y"}""") : default });
                input.StartStdinWrite("7", "y").Complete("ok");
                input.Complete();
            }
        }

        session.Complete();

        var spans = Exported().OrderBy(span => span.StartUnixNs).ToList();
        var creators = spans.Where(span => span.Name == "execute_tool exec_command").Select(span => span.Reference);
        spans.Where(span => span.Name == "execute_tool write_stdin").Select(span => Linked(span, RolloutSpanLinkKind.Continues)).ShouldBe(creators);
        Spans().ShouldBeMadeAgainFrom(pipeline.Bundle);
    }

    [Fact]
    public void A_call_that_writes_to_the_terminal_of_its_own_command_goes_on_with_nothing()
    {
        var session = pipeline.StartSession();
        using (var turn = session.StartTurn())
        {
            using var shell = turn.StartToolCall(new() { Name = "exec_command", CallId = "shell", Arguments = JsonPayload.OfJson("{}") });
            using var command = shell.StartCommand(["sh"], "/tmp", new() { TerminalId = "7" });
            shell.StartStdinWrite("7", "y").Complete("ok");
            command.Exit(0);
            shell.Complete();
        }

        session.Complete();

        Named(Exported(), "execute_tool exec_command").Links.ShouldBeEmpty();
        Spans().ShouldBeMadeAgainFrom(pipeline.Bundle);
    }

    [Fact]
    public void A_message_is_linked_from_the_request_that_carries_it()
    {
        const string Message = """{"type":"agent_message","author":"/root","recipient":"/root/helper","content":[{"type":"input_text","text":"hurry"}]}""";
        var session = pipeline.StartSession();
        using (var turn = session.StartTurn())
        {
            var helper = session.SpawnAgent("helper");
            using var work = helper.StartTurn();
            using (var send = turn.StartToolCall(new() { Name = "send_message", CallId = "send", Arguments = JsonPayload.OfJson("""{"message":"hurry"}""") }))
            {
                send.MessageSent(helper);
                send.Complete();
            }

            work.StartModelRequest("without", JsonPayload.OfJson("""{"input":[]}""")).Complete(null, null, default);
            work.StartModelRequest("with", JsonPayload.OfJson($$"""{"input":[{{Message}}]}""")).Complete(null, null, default);
            work.StartModelRequest("again", JsonPayload.OfJson($$"""{"input":[{{Message}}]}""")).Complete(null, null, default);
            work.Complete();
            helper.Complete();
        }

        session.Complete();

        var spans = Exported();
        spans.Where(span => span.Links.Any(link => link.Kind == RolloutSpanLinkKind.SendMessage)).ShouldHaveSingleItem().Name.ShouldBe("chat with");
        Linked(Named(spans, "chat with"), RolloutSpanLinkKind.SendMessage).ShouldBe(Named(spans, "execute_tool send_message").Reference);
    }

    [Fact]
    public void What_a_tool_of_another_name_does_to_an_agent_is_called_by_what_it_is()
    {
        var session = pipeline.StartSession();
        using (var turn = session.StartTurn())
        {
            var helper = session.SpawnAgent("helper");
            using (var talk = turn.StartToolCall(new() { Name = "delegate", CallId = "talk", Arguments = JsonPayload.OfJson("{}") }))
            {
                talk.TaskAssigned(helper, "do it");
                talk.Complete();
            }

            using var work = helper.StartTurn();
            work.StartModelRequest("m", JsonPayload.OfJson(Request)).Complete(null, null, default);
            work.Complete();
            helper.Complete();
        }

        session.Complete();

        Named(Exported(), "chat m").Links.ShouldHaveSingleItem().Kind.ShouldBe(RolloutSpanLinkKind.AssignAgentTask);
        Spans().ShouldBeMadeAgainFrom(pipeline.Bundle);
    }

    [Fact]
    public void A_result_that_is_told_twice_is_linked_once()
    {
        var session = pipeline.StartSession();
        using (var turn = session.StartTurn())
        {
            var helper = session.SpawnAgent("helper");
            var work = helper.StartTurn();
            work.Complete();
            session.ResultReceived(work, "done");
            session.ResultReceived(work, "done");
            turn.StartModelRequest("m", JsonPayload.OfJson(Request)).Complete(null, null, default);
            session.ResultReceived(work, "done, and more");
            turn.StartModelRequest("n", JsonPayload.OfJson(Request)).Complete(null, null, default);
            helper.Complete();
        }

        session.Complete();

        var spans = Exported();
        Linked(Named(spans, "chat m"), RolloutSpanLinkKind.AgentResult).ShouldBe(Named(spans, "invoke_agent helper").Reference);
        Named(spans, "chat n").Links.ShouldBeEmpty();
        Spans().ShouldBeMadeAgainFrom(pipeline.Bundle);
    }

    public void Dispose() => pipeline.Dispose();

    private static ModelRequest Answered(Turn turn, string item)
    {
        var asked = turn.StartModelRequest("m", JsonPayload.OfJson(Request));
        asked.Complete(null, null, JsonPayload.OfJson($"[{item}]"));
        return asked;
    }

    private static RolloutSpan Named(IReadOnlyList<RolloutSpan> spans, string name) => spans.Where(span => span.Name == name).ShouldHaveSingleItem();

    private static SpanReference Linked(RolloutSpan span, RolloutSpanLinkKind kind) => span.Links.Where(link => link.Kind == kind).ShouldHaveSingleItem().Target;

    private IReadOnlyList<RolloutSpan> Exported()
    {
        pipeline.ShutDown();
        return RolloutSpans.Of(OpenRollout.Open(BundleReader.Open(pipeline.Bundle)));
    }

    private IReadOnlyList<Activity> Spans() => pipeline.Spans;
}
