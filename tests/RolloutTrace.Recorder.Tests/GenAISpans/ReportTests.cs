using Microsoft.Extensions.Logging;
using RolloutTrace.Recorder.Diagnostics;
using RolloutTrace.Recorder.Recording;

namespace RolloutTrace.Recorder.Tests.GenAISpans;

public sealed class ReportTests
{
    [Fact]
    public void Missing_content_is_said_once_with_the_switch_that_adds_it()
    {
        using var listener = new ReportListener();
        var log = new Written();
        var once = new ReportedOnce();
        var reports = new RecorderReports(log, once);

        reports.ContentIsMissing("Shop.Assistant-7f");
        reports.ContentIsMissing("Shop.Assistant-7f");
        new RecorderReports(log, once).ContentIsMissing("Shop.Assistant-7f");

        listener.Of(nameof(RecorderReports.ContentIsMissing)).Where(text => text.Contains("Shop.Assistant-7f", StringComparison.Ordinal)).ShouldHaveSingleItem();
        var line = log.Lines.ShouldHaveSingleItem();
        line.ShouldContain("EnableSensitiveData");
        line.ShouldContain("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT");
    }

    [Fact]
    public void What_was_lost_is_said_with_its_causes()
    {
        var log = new Written();

        new RecorderReports(log, new ReportedOnce()).EventsLost(1234, 5, "queue_full 34, shut_down 1200");

        log.Lines.ShouldHaveSingleItem().ShouldStartWith("1234 events of 5 rollouts are in no bundle (queue_full 34, shut_down 1200).");
    }

    [Fact]
    public void Nothing_recorded_says_what_was_looked_for_and_what_was_seen()
    {
        var log = new Written();
        var reports = new RecorderReports(log, new ReportedOnce());
        reports.SawSource("Microsoft.AspNetCore");
        reports.SawSource("Npgsql");

        reports.NothingRecorded("OpenAI.*");

        log.Lines.ShouldHaveSingleItem().ShouldContain("OpenAI.*. Seen instead: Microsoft.AspNetCore, Npgsql.");
    }

    [Fact]
    public void A_source_that_nobody_listens_to_is_named_and_so_is_where_to_name_it()
    {
        var log = new Written();
        var reports = new RecorderReports(log, new ReportedOnce());
        foreach (var name in new[] { "Shop.Assistant", "Npgsql", "System.Net.Http", "Experimental.System.Net.Security", "" })
        {
            reports.FoundSource(name);
        }

        reports.SawSource("Npgsql");
        reports.NothingRecorded("OpenAI.*");

        var line = log.Lines.ShouldHaveSingleItem();
        line.ShouldContain("Seen instead: Npgsql; no span was seen of the program's sources Shop.Assistant. Instrument");
        line.ShouldContain("AddSource(...) or GenAISpans.Sources");
    }

    [Theory]
    [InlineData("Experimental.Microsoft.Extensions.AI", true)]
    [InlineData("Experimental.Microsoft.Agents.AI", true)]
    [InlineData("Microsoft.SemanticKernel.Diagnostics", true)]
    [InlineData("OpenAI.ChatClient", true)]
    [InlineData("Shop.Assistant", true)]
    [InlineData("Shopping", false)]
    [InlineData("Microsoft.AspNetCore", false)]
    [InlineData("System.Net.Http", false)]
    public void Known_sources_and_those_that_are_named_are_listened_to(string source, bool isKnown) =>
        new SourcePatterns(["Shop.*"]).Matches(source).ShouldBe(isKnown);

    private sealed class Written : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
