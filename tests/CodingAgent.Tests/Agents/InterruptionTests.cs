using CodingAgent.Agents;

namespace CodingAgent.Tests.Agents;

public sealed class InterruptionTests
{
    [Fact]
    public async Task The_first_cancels_the_turn_and_the_second_ends_the_program()
    {
        var interruption = new Interruption();
        var began = new TaskCompletionSource<CancellationToken>();
        var end = new TaskCompletionSource();
        var turn = interruption.RunAsync(async cancellation =>
        {
            began.SetResult(cancellation);
            await end.Task;
            return null!;
        });
        var token = await began.Task;

        interruption.Interrupt();
        token.IsCancellationRequested.ShouldBeTrue();
        interruption.End.IsCancellationRequested.ShouldBeFalse();

        interruption.Interrupt();
        interruption.End.IsCancellationRequested.ShouldBeTrue();
        end.SetResult();
        await turn;
    }

    [Fact]
    public async Task Each_turn_can_be_interrupted_and_without_one_the_program_ends()
    {
        var interruption = new Interruption();
        for (var i = 0; i < 3; i++)
        {
            await interruption.RunAsync(cancellation =>
            {
                cancellation.IsCancellationRequested.ShouldBeFalse();
                interruption.Interrupt();
                cancellation.IsCancellationRequested.ShouldBeTrue();
                return Task.FromResult<TurnResult>(null!);
            });
        }

        interruption.End.IsCancellationRequested.ShouldBeFalse();
        interruption.Interrupt();
        interruption.End.IsCancellationRequested.ShouldBeTrue();
    }
}
