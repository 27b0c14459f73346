using System.Diagnostics.Tracing;
using RolloutTrace.Content;
using RolloutTrace.Diagnostics;

namespace RolloutTrace.Tests.Content;

public sealed class ContentSwitchTests
{
    [Theory]
    [InlineData(null, null, false)]
    [InlineData(null, "", false)]
    [InlineData(null, "false", false)]
    [InlineData(null, "0", false)]
    [InlineData(null, "NO_CONTENT", false)]
    [InlineData(null, "event_only", false)]
    [InlineData(null, "1", true)]
    [InlineData(null, "true", true)]
    [InlineData(null, "True", true)]
    [InlineData(null, "SPAN_ONLY", true)]
    [InlineData(null, "span_and_event", true)]
    [InlineData(false, "true", false)]
    [InlineData(true, null, true)]
    [InlineData(true, "NO_CONTENT", true)]
    public void The_option_counts_for_more_than_the_environment(bool? option, string? variable, bool isOn)
    {
        var capture = ContentCapture.Create(
            new() { CaptureMessageContent = option },
            name => name == "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT" ? variable : null);

        (capture is not null).ShouldBe(isOn);
    }

    [Fact]
    public void A_word_that_nobody_knows_is_off_with_a_warning_that_is_given_once()
    {
        using var warnings = new Warnings();

        ContentSwitch.IsOn("yes please").ShouldBeFalse();
        ContentSwitch.IsOn("yes please").ShouldBeFalse();

        warnings.Given.Where(static words => words.Contains("yes please", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldStartWith("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT is 'yes please'");
    }

    private sealed class Warnings : EventListener
    {
        private readonly List<string> given = [];

        public IReadOnlyList<string> Given
        {
            get
            {
                lock (given)
                {
                    return [.. given];
                }
            }
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == RolloutTraceEventSource.EventSourceName)
            {
                EnableEvents(eventSource, EventLevel.Warning);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            lock (given)
            {
                given.Add(string.Format(System.Globalization.CultureInfo.InvariantCulture, eventData.Message!, [.. eventData.Payload!]));
            }
        }
    }
}
