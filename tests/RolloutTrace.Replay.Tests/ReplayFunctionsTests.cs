using Microsoft.Extensions.AI;
using RolloutTrace.Bundle;

namespace RolloutTrace.Replay.Tests;

public sealed class ReplayFunctionsTests
{
    private int runs;

    [Fact]
    public async Task A_recorded_call_gives_what_the_model_got_in_order_whatever_its_arguments_were_laid_out_like()
    {
        using var bundle = new TestBundle().WithTurn();
        Call(bundle, "t1", """{ "unit" : "c", "city":"Rome" }""", "\"22\"");
        Call(bundle, "t2", """{"city":"Rome","unit":"c"}""", """[{"type":"input_text","text":"23"},{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]""");
        using var run = RecordedRun.Of(bundle.Open());
        var weather = new ReplayFunctions(run).Wrap(Weather());

        (await weather.InvokeAsync(new() { ["city"] = "Rome", ["unit"] = "c" })).ShouldBe("22");
        var parts = (await weather.InvokeAsync(new() { ["unit"] = "c", ["city"] = "Rome" })).ShouldBeOfType<List<AIContent>>();
        parts[0].ShouldBeOfType<TextContent>().Text.ShouldBe("23");
        parts[1].ShouldBeOfType<DataContent>().MediaType.ShouldBe("image/png");
        runs.ShouldBe(0);
    }

    [Fact]
    public async Task A_call_that_was_not_recorded_runs()
    {
        using var bundle = new TestBundle().WithTurn();
        Call(bundle, "t1", """{"city":"Rome","unit":"c"}""", "\"22\"");
        using var run = RecordedRun.Of(bundle.Open());
        var weather = new ReplayFunctions(run).Wrap(Weather());

        (await weather.InvokeAsync(new() { ["city"] = "Oslo", ["unit"] = "c" }))!.ToString().ShouldBe("live Oslo");
        (await weather.InvokeAsync(new() { ["city"] = "Rome", ["unit"] = "c" })).ShouldBe("22");
        (await weather.InvokeAsync(new() { ["city"] = "Rome", ["unit"] = "c" }))!.ToString().ShouldBe("live Rome");
        runs.ShouldBe(2);
    }

    [Fact]
    public async Task A_call_that_was_not_recorded_is_an_error_if_that_is_wanted()
    {
        using var bundle = new TestBundle().WithTurn();
        Call(bundle, "t1", """{"city":"Oslo","unit":"c"}""", "\"2\"");
        Call(bundle, "t2", """{"city":"Rome","unit":"c"}""", "\"22\"");
        bundle.Append(Started(bundle, "t3", """{"city":"Cut","unit":"c"}"""));
        using var run = RecordedRun.Of(bundle.Open());
        var functions = new ReplayFunctions(run, new ReplayFunctionOptions { FailUnknown = true });
        var weather = functions.Wrap(Weather());

        var error = await Should.ThrowAsync<ReplayException>(async () => await weather.InvokeAsync(new() { ["city"] = "Rome", ["unit"] = "f" }));
        error.Message.ShouldBe("""weather was never called so; nearest is tool call t2, which differs first in arguments weather: recorded was '{"city":"Rome","unit":"c"}', asked was '{"city":"Rome","unit":"f"}'""");
        (await Should.ThrowAsync<ReplayException>(async () => await weather.InvokeAsync(new() { ["city"] = "Cut", ["unit"] = "c" }))).Reason.ShouldBe(ReplayReason.Unended);
        await weather.InvokeAsync(new() { ["city"] = "Rome", ["unit"] = "c" });
        (await Should.ThrowAsync<ReplayException>(async () => await weather.InvokeAsync(new() { ["city"] = "Rome", ["unit"] = "c" }))).Reason.ShouldBe(ReplayReason.AskedTooOften);
        var other = functions.Wrap(AIFunctionFactory.Create(() => "", "other"));
        (await Should.ThrowAsync<ReplayException>(async () => await other.InvokeAsync())).Message.ShouldBe("other was never called");
        runs.ShouldBe(0);
    }

    [Fact]
    public async Task A_call_that_failed_fails_again()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Append(Started(bundle, "t1", """{"city":"Rome","unit":"c"}"""));
        bundle.Append(new ToolCallEndedEvent { ToolCallId = "t1", Status = ExecutionStatus.Failed, ResultPayload = bundle.Payload(PayloadKind.ToolResult, """{"type":"error","error":"no such city"}""") });
        using var run = RecordedRun.Of(bundle.Open());
        var weather = new ReplayFunctions(run).Wrap(Weather());

        var error = await Should.ThrowAsync<ReplayedFunctionException>(async () => await weather.InvokeAsync(new() { ["city"] = "Rome", ["unit"] = "c" }));
        error.Message.ShouldBe("no such city");
        error.ToolCallId.ShouldBe("t1");
    }

    private AIFunction Weather() => AIFunctionFactory.Create(
        (string city, string unit) =>
        {
            runs++;
            return $"live {city}";
        },
        "weather");

    private static void Call(TestBundle bundle, string id, string arguments, string output)
    {
        bundle.Append(Started(bundle, id, arguments));
        bundle.Append(new ToolCallEndedEvent
        {
            ToolCallId = id,
            Status = ExecutionStatus.Completed,
            ResultPayload = bundle.Payload(PayloadKind.ToolResult, $$$"""{"type":"direct_response","response_item":{"type":"function_call_output","call_id":"{{{id}}}","output":{{{output}}}}}"""),
        });
    }

    private static ToolCallStartedEvent Started(TestBundle bundle, string id, string arguments) => new()
    {
        ToolCallId = id,
        Requester = ToolRequester.Model,
        Kind = ToolCallKind.ForOther("weather"),
        Summary = new GenericSummary { Label = "weather" },
        InvocationPayload = bundle.Payload(PayloadKind.ToolInvocation, $$$"""{"tool_name":"weather","payload":{"type":"function","arguments":{{{System.Text.Json.Nodes.JsonValue.Create(arguments).ToJsonString()}}}}}"""),
    };
}
