using System.Text;
using System.Text.RegularExpressions;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

public sealed partial class RolloutSpansTests
{
    public static TheoryData<string> Cases => [.. ConformanceCase.Names.Where(static name => name.StartsWith("mixed", StringComparison.Ordinal))];

    public static TheoryData<string> Bundles => TokenTests.Bundles;

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_spans_need_of_the_log_is_known_from_its_reduction(string name)
    {
        using var bundle = TestBundle.Copy(ConformanceCase.Named(name).Bundle);
        var rollout = OpenRollout.Open(BundleReader.Open(bundle.Directory));
        var whole = RolloutSpans.Of(rollout);

        File.Delete(Path.Join(bundle.Directory, "trace.jsonl"));

        whole.ShouldNotBeEmpty();
        RolloutSpans.Of(rollout).Select(Describe).ShouldBe(whole.Select(Describe));
    }

    [Theory]
    [MemberData(nameof(Bundles))]
    public void Only_operations_of_generative_ai_say_so(string path)
    {
        foreach (var span in Of(path))
        {
            var operation = span.Attributes.GetValueOrDefault(RolloutAttributes.GenAI.OperationName) as string;
            span.Attributes.ContainsKey(RolloutAttributes.GenAI.ConversationId).ShouldBe(operation is not null, span.Name);
            span.Attributes.Keys.Any(static name => name == RolloutAttributes.GenAI.ProviderName).ShouldBe(
                operation is "chat" or "invoke_agent" && span.Attributes.ContainsKey(RolloutAttributes.GenAI.ProviderName), span.Name);
            (operation is not null).ShouldBe(span.Name.StartsWith("chat ", StringComparison.Ordinal) || span.Name.StartsWith("invoke_agent ", StringComparison.Ordinal) || span.Name.StartsWith("execute_tool ", StringComparison.Ordinal), span.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Bundles))]
    public void A_turn_inside_the_rollout_hangs_below_a_tool_call_of_another_agent(string path)
    {
        var rollout = OpenRollout.Open(BundleReader.Open(Path.Join(FieldCase.Root, path)));
        var spans = RolloutSpans.Of(rollout);
        var byId = spans.ToDictionary(static span => span.Reference.SpanId, StringComparer.Ordinal);
        var spawned = rollout.Graph.Threads.Values
            .Where(thread => rollout.Index.SpawnerOf(thread) is not null && thread.Otel is null && rollout.Index.RequestsOfThread(thread.ThreadId).Count > 0)
            .Select(thread => rollout.Index.RequestsOfThread(thread.ThreadId)[0].CodexTurnId)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var turn in spans.Where(static span => span.Name.StartsWith("invoke_agent ", StringComparison.Ordinal)))
        {
            if (turn.Parent is { } reference && byId.TryGetValue(reference.SpanId, out var parent))
            {
                parent.Name.ShouldStartWith("execute_tool ");
                parent.Attributes[RolloutAttributes.Thread.Id].ShouldNotBe(turn.Attributes[RolloutAttributes.Thread.Id]);
                turn.Links[0].Kind.ShouldBe(RolloutSpanLinkKind.Session);
            }

            if (spawned.Contains((string)turn.Attributes[RolloutAttributes.Turn.Id]))
            {
                turn.Parent.ShouldNotBeNull();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Bundles))]
    public void No_span_is_empty_and_none_starts_before_its_parent(string path)
    {
        var spans = Of(path);
        var byId = spans.ToDictionary(static span => span.Reference.SpanId, StringComparer.Ordinal);
        foreach (var span in spans)
        {
            span.EndUnixNs.ShouldBeGreaterThan(span.StartUnixNs, span.Name);
            if (span.Parent is { } reference && byId.TryGetValue(reference.SpanId, out var parent))
            {
                span.StartUnixNs.ShouldBeGreaterThanOrEqualTo(parent.StartUnixNs, span.Name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Bundles))]
    public void Content_is_as_the_conventions_have_it_whole_and_cut(string path)
    {
        var rollout = OpenRollout.Open(BundleReader.Open(Path.Join(FieldCase.Root, path)));
        foreach (var limit in new[] { 0, 300 })
        {
            foreach (var (name, value) in RolloutSpans.Of(rollout, new RolloutSpanOptions { WithContent = true, ContentLimit = limit }).SelectMany(static span => span.Attributes))
            {
                if (JsonSchema.OfAttribute(name) is { } schema)
                {
                    schema.ShouldAllow((string)value);
                    Encoding.UTF8.GetByteCount((string)value).ShouldBeLessThanOrEqualTo(limit == 0 ? 32 << 10 : limit);
                }
            }
        }
    }

    [Fact]
    public void What_happens_in_one_millisecond_keeps_its_order()
    {
        using var bundle = new TestBundle().WithTurn();
        for (var i = 1; i <= 3; i++)
        {
            bundle.Request($"i{i}", """{"input":[]}""").Respond($"i{i}", """{"output_items":[]}""");
        }

        bundle.Append(new CodexTurnEndedEvent { CodexTurnId = TestBundle.Turn, Status = ExecutionStatus.Completed });
        bundle.Append(new ThreadEndedEvent { ThreadId = TestBundle.Root, Status = RolloutStatus.Completed });
        bundle.Append(new RolloutEndedEvent { Status = RolloutStatus.Completed });
        bundle.Open();
        using var squeezed = TestBundle.Copy(bundle.Directory, static lines => lines.Select(static line => WallTime().Replace(line, "\"wall_time_unix_ms\":1770000000000")));

        var spans = RolloutSpans.Of(OpenRollout.Open(BundleReader.Open(squeezed.Directory))).OrderBy(static span => span.StartUnixNs).ToList();

        spans.Select(static span => span.Name).ShouldBe(["agent_session /root", "invoke_agent root", "chat m", "chat m", "chat m"]);
        spans.Skip(2).Zip(spans.Skip(3)).ShouldAllBe(static pair => pair.First.EndUnixNs <= pair.Second.StartUnixNs);
        spans.ShouldAllBe(static span => span.EndUnixNs / 1_000_000 == 1770000000000);
        spans[0].EndUnixNs.ShouldBeGreaterThan(spans[1].EndUnixNs);
        spans[1].EndUnixNs.ShouldBeGreaterThan(spans[4].EndUnixNs);
    }

    [Fact]
    public void A_cell_whose_call_was_never_seen_has_a_span_also_where_the_recording_names_none()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Append(new CodeCellStartedEvent { RuntimeCellId = "1", ModelVisibleCallId = "never", SourceJs = "f()" });
        bundle.Append(new ToolCallStartedEvent { ToolCallId = "t1", Requester = new CodeCellRequester { RuntimeCellId = "1" }, Kind = ToolCallKind.Of(ToolCallKindType.Web), Summary = new GenericSummary { Label = "f" } });
        bundle.Append(new CodexTurnEndedEvent { CodexTurnId = TestBundle.Turn, Status = ExecutionStatus.Cancelled });

        var spans = RolloutSpans.Of(OpenRollout.Open(bundle.Open()));

        var cell = spans.Single(static span => span.Name == "execute_tool exec");
        cell.Attributes[RolloutAttributes.CodeCell.Status].ShouldBe("terminated", "its turn has ended it");
        cell.Attributes[RolloutAttributes.GenAI.ToolCallId].ShouldBe("never");
        cell.Parent.ShouldBe(spans.Single(static span => span.Name == "invoke_agent root").Reference);
        spans.Single(static span => span.Name == "execute_tool f").Parent.ShouldBe(cell.Reference);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef-0123456789abcdef", 1)]
    [InlineData("0123456789abcdef0123456789ABCDEF-0123456789abcdef", 0)]
    [InlineData("0123456789abcdef-0123456789abcdef", 0)]
    [InlineData("", 0)]
    public void A_link_that_an_event_carries_is_taken_if_it_names_a_span(string text, int links)
    {
        using var bundle = new TestBundle().WithTurn();
        var span = new EventSpan { TraceId = new string('a', 32), SpanId = new string('b', 16), Attributes = new Dictionary<string, System.Text.Json.JsonElement> { ["rollout.link.caused_by"] = System.Text.Json.JsonSerializer.SerializeToElement(text) } };
        bundle.Append(new ToolCallStartedEvent { ToolCallId = "t1", Requester = ToolRequester.Model, Kind = ToolCallKind.Of(ToolCallKindType.Web), Summary = new GenericSummary { Label = "f" } }, span);

        var tool = RolloutSpans.Of(OpenRollout.Open(bundle.Open())).Single(static span => span.Name == "execute_tool f");

        tool.Links.Count.ShouldBe(links);
        tool.Attributes.ContainsKey("rollout.link.caused_by").ShouldBe(links > 0);
    }

    [Fact]
    public void What_a_process_left_behind_that_died_looks_like_it()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", """{"input":[]}""").Respond("i1", """{"output_items":[]}""").Request("i2", """{"input":[]}""");
        var died = OpenRollout.Open(bundle.Open(), new OpenRolloutOptions { Time = new ManualTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_780_000_000_000)) });

        var spans = RolloutSpans.Of(died);

        spans.Where(static span => span.IsError).Select(static span => $"{span.Name} {span.Attributes[RolloutAttributes.Error.Type]} {span.Attributes[RolloutAttributes.Status]}").ShouldBe(
        [
            "agent_session /root rollout.process_died unfinished",
            "invoke_agent root rollout.process_died unfinished",
            "chat m rollout.process_died unfinished",
        ]);
        spans.Single(static span => !span.IsError).Attributes[RolloutAttributes.Status].ShouldBe("completed");
        spans.Where(static span => span.IsError).Select(static span => span.EndUnixNs).Distinct().ShouldHaveSingleItem().ShouldBeInRange(1770000000004_000_000, 1770000000005_000_000);
    }

    [Fact]
    public void What_still_runs_is_no_error()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", """{"input":[]}""");
        var running = OpenRollout.Open(bundle.Open(), new OpenRolloutOptions { Time = new ManualTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_770_000_000_100)) });

        RolloutSpans.Of(running).ShouldAllBe(static span => !span.IsError);
    }

    [GeneratedRegex("\"wall_time_unix_ms\":[0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex WallTime();

    private static IReadOnlyList<RolloutSpan> Of(string path) => RolloutSpans.Of(OpenRollout.Open(BundleReader.Open(Path.Join(FieldCase.Root, path))));

    private static string Describe(RolloutSpan span) =>
        $"{span.Reference} {span.Parent} {span.Name} {span.StartUnixNs}-{span.EndUnixNs} {string.Join(',', span.Attributes)} {string.Join(',', span.Links)}";
}
