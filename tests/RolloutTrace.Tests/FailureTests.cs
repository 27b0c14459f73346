using System.Diagnostics;

namespace RolloutTrace.Tests;

/// <summary>What the span of something that failed says of it: a type always, words and exceptions where spans hold content.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Words_and_exceptions_stand_on_spans_with_content_only(bool withContent)
    {
        using var traced = new TracedRollout();
        var session = traced.StartSession(new() { CaptureMessageContent = withContent });
        var turn = session.StartTurn();
        turn.StartModelRequest("words", JsonPayload.OfJson("{}")).Fail("secret words", "503");
        turn.StartModelRequest("thrown", JsonPayload.OfJson("{}")).Fail(new InvalidOperationException("secret words"));
        turn.StartToolCall(new() { Name = "tool" }).Fail(new FormatException("secret words"), JsonPayload.OfText("sorry"));
        using (var tool = turn.StartToolCall(new() { Name = "exec_command" }))
        {
            tool.StartCommand(["/bin/make"], "/w").Exit(2, new() { Stdout = "working", Stderr = "first\n\nsecret words\n" });
            tool.StartCommand(["rm"], "/w").Decline("secret words");
            tool.Complete();
        }

        turn.StartCompaction(new() { Model = "small" }).Fail(new TimeoutException("secret words"));
        turn.StartCodeCell(new() { CallId = "cell", Source = "1" }).Fail(new InvalidDataException("secret words"));
        turn.Fail(new TimeoutException("secret words"));
        session.Fail(new TimeoutException("secret words"));

        Print(traced, "chat words").ShouldBe(withContent ? "Error 503 'secret words' -" : "Error 503 '' -");
        Print(traced, "chat thrown").ShouldBe(Thrown("System.InvalidOperationException"));
        Print(traced, "execute_tool tool").ShouldBe(Thrown("System.FormatException"));
        Print(traced, "make").ShouldBe(withContent ? "Error 2 'exit code 2: first\nsecret words' -" : "Error 2 '' -");
        Print(traced, "rm").ShouldBe(withContent ? "Error declined 'secret words' -" : "Error declined '' -");
        Print(traced, "execute_tool exec_command").ShouldBe("Unset  '' -");
        Print(traced, "compact small").ShouldBe(Thrown("System.TimeoutException"));
        Print(traced, "execute_tool exec").ShouldBe(Thrown("System.IO.InvalidDataException"));
        Print(traced, "invoke_agent root").ShouldBe(Thrown("System.TimeoutException"));
        Print(traced, "agent_session /root").ShouldBe(Thrown("System.TimeoutException"));

        string Thrown(string type) => withContent ? $"Error {type} '{type}: secret words' {type}: secret words" : $"Error {type} '' -";
    }

    [Theory]
    [InlineData("503", "503")]
    [InlineData("rate_limit_exceeded", "rate_limit_exceeded")]
    [InlineData("", "_OTHER")]
    [InlineData(null, "_OTHER")]
    [InlineData("The server is overloaded, try again in 7 s", "_OTHER")]
    [InlineData("line\nbreak", "_OTHER")]
    public void A_message_is_no_type_of_error(string? given, string expected)
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession(new() { CaptureMessageContent = true });

        session.StartTurn().Fail(given);

        traced.Span("invoke_agent root").GetTagItem(RolloutAttributes.Error.Type).ShouldBe(expected);
        traced.Span("invoke_agent root").StatusDescription.ShouldBe(expected == "_OTHER" && given?.Length > 0 ? given : null);
    }

    [Fact]
    public void The_type_of_a_generic_exception_names_no_versions()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();

        turn.StartToolCall(new() { Name = "f" }).Fail(new OddException<int>());

        traced.Span("execute_tool f").GetTagItem(RolloutAttributes.Error.Type).ShouldBeOfType<string>().ShouldEndWith("OddException`1[System.Int32]");
    }

    [Fact]
    public void An_exception_that_cannot_say_what_it_is_has_a_type()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn(new() { CaptureMessageContent = true });

        turn.StartToolCall(new() { Name = "f" }).Fail(new SilentException());

        var span = traced.Span("execute_tool f");
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.Events.ShouldHaveSingleItem().Tags.ShouldHaveSingleItem().Key.ShouldBe("exception.type");
    }

    private static string Print(TracedRollout traced, string name)
    {
        var span = traced.Span(name);
        var exception = span.Events.Where(static e => e.Name == "exception").Select(static e => e.Tags.ToDictionary(static tag => tag.Key, static tag => tag.Value)).SingleOrDefault();
        return $"{span.Status} {span.GetTagItem(RolloutAttributes.Error.Type)} '{span.StatusDescription}' {(exception is null ? "-" : $"{exception["exception.type"]}: {exception["exception.message"]}")}";
    }

    private sealed class OddException<T> : Exception;

    private sealed class SilentException : Exception
    {
        public override string Message => throw new InvalidOperationException("no words");
    }
}
