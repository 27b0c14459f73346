using CodingAgent.Tools;
using CodingAgent.Tools.Patching;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.TestSupport;

namespace CodingAgent.Tests.Tools;

public sealed class ApplyPatchTests
{
    [Fact]
    public void Parse_ReadsAllKindsOfChanges()
    {
        var changes = PatchParser.Parse(
            """
            *** Begin Patch
            *** Add File: new.txt
            +one
            +
            *** Update File: old.txt
            *** Move to: moved.txt
            @@ def main():
             kept
            -gone
            +come

            @@
            +at the end
            *** End of File
            *** Delete File: dead.txt
            *** End Patch
            """);

        changes.Count.ShouldBe(3);
        changes[0].ShouldBe(new AddFile("new.txt", "one\n\n"));
        var update = changes[1].ShouldBeOfType<UpdateFile>();
        update.MoveTo.ShouldBe("moved.txt");
        update.Hunks.Select(h => h.After).ShouldBe(["def main():", null]);
        update.Hunks[0].Lines.ShouldBe([" kept", "-gone", "+come", " "]);
        changes[2].ShouldBe(new DeleteFile("dead.txt"));
    }

    [Theory]
    [InlineData("no patch", "begins with")]
    [InlineData("*** Begin Patch\n*** Add File: a\n+x", "ends with")]
    [InlineData("*** Begin Patch\n*** Rename File: a\n*** End Patch", "names no file")]
    [InlineData("*** Begin Patch\n*** Update File: a\n@@\nwhat is this\n*** End Patch", "belongs to no hunk")]
    public void Parse_WhatIsNoPatch_SaysWhy(string patch, string why) =>
        Should.Throw<ToolException>(() => PatchParser.Parse(patch)).Message.ShouldContain(why);

    [Fact]
    public void Apply_LooksAfterTheContextLineAndFromTheHunkBeforeOn()
    {
        const string File = "a:\n  x\nb:\n  x\n  y\n";

        HunkApplication.Apply("f", File, [new Hunk("b:", ["-  x", "+  z"]), new Hunk(null, ["-  y"])]).ShouldBe("a:\n  x\nb:\n  z\n");
    }

    [Fact]
    public void Apply_LinesThatDifferInWhiteSpaceOnly_AreFoundIfNoneAreEqual() =>
        HunkApplication.Apply("f", "\tif (x)\n", [new Hunk(null, ["-if (x)", "+\tif (y)"])]).ShouldBe("\tif (y)\n");

    [Fact]
    public void Apply_LinesThatAreNotThere_SaysWhich() =>
        Should.Throw<ToolException>(() => HunkApplication.Apply("f", "a\n", [new Hunk(null, ["-b"])])).Message.ShouldBe("f does not have these lines:\nb");

    [Fact]
    public void Apply_AnyLinesReplacedByAnyOthers_GivesThose() =>
        Prop.ForAll(
            Lines().ArrayOf(4).ToArbitrary(),
            lines =>
            {
                var (before, old, replacement, after) = (lines[0], lines[1], lines[2], lines[3]);
                var file = Text([.. before, "the place", .. old, .. after]);
                var hunk = new Hunk("the place", [.. old.Select(l => $"-{l}"), .. replacement.Select(l => $"+{l}"), .. after.Take(1).Select(l => $" {l}")]);
                var isThere = old.Length + Math.Min(after.Length, 1) > 0;
                return !isThere || HunkApplication.Apply("f", file, [hunk]) == Text([.. before, "the place", .. replacement, .. after]);
            }).ShouldHold();

    private static Gen<string[]> Lines() => Gen.Elements("", "a", "  b", "c d").ArrayOf();

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(l => $"{l}\n"));
}
