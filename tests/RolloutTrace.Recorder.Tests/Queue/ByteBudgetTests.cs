using RolloutTrace.Recorder.Queue;

namespace RolloutTrace.Recorder.Tests.Queue;

public class ByteBudgetTests
{
    private bool isAnythingQueued = true;

    [Fact]
    public void What_is_taken_and_returned_is_accounted_for()
    {
        var budget = Budget(TimeSpan.Zero);

        budget.TryTake(600).ShouldBeTrue();
        budget.TryTake(400).ShouldBeTrue();
        budget.TryTake(1).ShouldBeFalse();
        budget.ReturnQueued(600);
        budget.Return(400);

        budget.Used.ShouldBe(0);
        budget.TryTake(1000).ShouldBeTrue();
    }

    [Fact]
    public void Who_waits_gets_what_the_reader_returns()
    {
        var budget = Budget(TimeSpan.FromMinutes(5));
        budget.TryTake(1000);
        var taken = false;
        var waiter = new Thread(() => taken = budget.TryTake(500));
        waiter.Start();
        SpinWait.SpinUntil(() => waiter.ThreadState.HasFlag(ThreadState.WaitSleepJoin));

        budget.ReturnQueued(1000);

        waiter.Join();
        taken.ShouldBeTrue();
        budget.Used.ShouldBe(500);
    }

    [Fact]
    public void Closing_ends_all_waiting()
    {
        var budget = Budget(TimeSpan.FromMinutes(5));
        budget.TryTake(1000);
        var taken = true;
        var waiter = new Thread(() => taken = budget.TryTake(500));
        waiter.Start();
        SpinWait.SpinUntil(() => waiter.ThreadState.HasFlag(ThreadState.WaitSleepJoin));

        budget.Close();

        waiter.Join();
        taken.ShouldBeFalse();
    }

    [Fact]
    public void When_nothing_is_queued_one_thread_at_a_time_may_go_beyond_the_bound()
    {
        isAnythingQueued = false;
        var budget = Budget(TimeSpan.Zero);

        budget.TryTake(900).ShouldBeTrue();
        budget.TryTake(5000).ShouldBeTrue();
        budget.TryTake(5000).ShouldBeTrue();
        OnAnotherThread(() => budget.TryTake(100)).ShouldBeFalse();
        budget.Admit();
        OnAnotherThread(() => budget.TryTake(100)).ShouldBeTrue();
    }

    private static bool OnAnotherThread(Func<bool> work)
    {
        var result = false;
        var thread = new Thread(() => result = work());
        thread.Start();
        thread.Join();
        return result;
    }

    private ByteBudget Budget(TimeSpan maxWait) => new(limit: 1000, maxWait, () => isAnythingQueued);
}
