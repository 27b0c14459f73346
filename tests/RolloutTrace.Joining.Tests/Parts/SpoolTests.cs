using RolloutTrace.Joining.Parts;

namespace RolloutTrace.Joining.Tests.Parts;

public sealed class SpoolTests
{
    [Theory]
    [InlineData(3)]
    [InlineData((1 << 18) + 3)]
    public void What_was_kept_is_given_back_and_what_is_not_there_is_an_error_and_no_zeros(int length)
    {
        using var spool = new Spool();
        byte[] bytes = [.. Enumerable.Range(0, length).Select(static i => (byte)i)];
        var first = spool.Add(bytes);
        var second = spool.Add([7]);

        spool.Read(first).ShouldBe(bytes);
        spool.Read(second).ShouldBe([7]);
        Should.Throw<IOException>(() => spool.Read(second with { Length = 2 }));
    }
}
