using System.ClientModel;
using System.ClientModel.Primitives;
using CodingAgent.Model;

namespace CodingAgent.Tests.Model;

public sealed class RetryPlanTests
{
    private static readonly RetryPlan Plan = new(MaxAttempts: 4, FirstDelay: TimeSpan.FromSeconds(1));

    [Fact]
    public void Delays_double_until_no_attempt_is_left() =>
        Enumerable.Range(1, 5).Select(attempt => Plan.DelayAfter(attempt, new HttpRequestException())?.TotalSeconds).ShouldBe([1.0, 2.0, 4.0, null, null]);

    [Theory]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(429, true)]
    [InlineData(408, true)]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    public void What_the_server_says_of_itself_is_tried_again_and_what_it_says_of_the_request_is_not(int status, bool again) =>
        (Plan.DelayAfter(1, new ClientResultException(new Response(status))) is not null).ShouldBe(again);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_answer_without_a_good_end_is_tried_again_if_that_may_help(bool again) =>
        (Plan.DelayAfter(1, new ModelFailedException("", again)) is not null).ShouldBe(again);

    [Fact]
    public void Errors_of_the_program_are_not_tried_again() => Plan.DelayAfter(1, new InvalidOperationException()).ShouldBeNull();

    private sealed class Response(int status) : PipelineResponse
    {
        public override int Status => status;

        public override string ReasonPhrase => "";

        public override Stream? ContentStream { get; set; }

        public override BinaryData Content => BinaryData.FromString("");

        protected override PipelineResponseHeaders HeadersCore => throw new NotSupportedException();

        public override BinaryData BufferContent(CancellationToken cancellationToken = default) => Content;

        public override ValueTask<BinaryData> BufferContentAsync(CancellationToken cancellationToken = default) => new(Content);

        public override void Dispose()
        {
        }
    }
}
