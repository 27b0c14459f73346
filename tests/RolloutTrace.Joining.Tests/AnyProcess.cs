using FsCheck;
using FsCheck.Fluent;

namespace RolloutTrace.Joining.Tests;

/// <summary>A process.</summary>
/// <param name="Above">Which process has called it, or is the one that it goes on from.</param>
/// <param name="Resumes">Whether it goes on from that one.</param>
/// <param name="How">How its caller is named.</param>
/// <param name="Tool">Which tool of the caller has called it.</param>
/// <param name="Clock">How wrong its clock is.</param>
/// <param name="Step">The time between its events.</param>
/// <param name="Duration">How long its tools take.</param>
/// <param name="Tools">How many tools it calls, at least one.</param>
/// <param name="EndedTools">How many of them end.</param>
/// <param name="WasKilled">Whether it has no end.</param>
/// <param name="Nickname">Its name.</param>
internal sealed record AnyProcess(int Above, bool Resumes, int How, int Tool, long Clock, long Step, long Duration, int Tools, int EndedTools, bool WasKilled, string? Nickname)
{
    public static Gen<AnyProcess> Gen { get; } =
        from above in FsCheck.Fluent.Gen.Choose(0, 5)
        from resumes in FsCheck.Fluent.Gen.Frequency((1, FsCheck.Fluent.Gen.Constant(true)), (4, FsCheck.Fluent.Gen.Constant(false)))
        from how in FsCheck.Fluent.Gen.Choose(0, 3)
        from tool in FsCheck.Fluent.Gen.Choose(0, 3)
        from clock in FsCheck.Fluent.Gen.OneOf(FsCheck.Fluent.Gen.Constant(0L), FsCheck.Fluent.Gen.Elements(-3_600_000L, 3_600_000L), FsCheck.Fluent.Gen.Choose(-300, 300).Select(static ms => (long)ms))
        from step in FsCheck.Fluent.Gen.Choose(0, 40)
        from duration in FsCheck.Fluent.Gen.Choose(0, 200)
        from tools in FsCheck.Fluent.Gen.Choose(1, 3)
        from ended in FsCheck.Fluent.Gen.Choose(0, 3)
        from killed in FsCheck.Fluent.Gen.Frequency((1, FsCheck.Fluent.Gen.Constant(true)), (3, FsCheck.Fluent.Gen.Constant(false)))
        from nickname in FsCheck.Fluent.Gen.Elements<string?>(null, "helper", "Helper!", "root")
        select new AnyProcess(above, resumes, how, tool, clock, step, duration, tools, ended, killed, nickname);
}
