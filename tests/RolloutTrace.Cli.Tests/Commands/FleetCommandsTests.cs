using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Cli.Tests;

public class FleetCommandsTests
{
    private const string Key = "2026-02-02/trace-trace-1-" + TestBundle.Root + ".rollout.tar.zst";

    [Fact]
    public void What_is_pushed_is_there_once_and_work_makes_the_tables_that_export_makes()
    {
        using var directory = new TestDirectory();
        using var bundle = Ended();
        var (store, lake, exported) = (Path.Join(directory.Path, "store"), Path.Join(directory.Path, "lake"), Path.Join(directory.Path, "exported"));

        var pushed = CommandLine.Run("push", bundle.Directory, "--store", store);
        pushed.ExitCode.ShouldBe(ExitCodes.Success, pushed.Error);
        pushed.Out.ShouldBe($"{store}/{Key}\n");
        CommandLine.Run("push", bundle.Directory, "--store", store).Error.ShouldEndWith(": was there already\n");

        var worked = CommandLine.Run("work", "--once", "--store", store, "--lake", lake);
        worked.ExitCode.ShouldBe(ExitCodes.Success, worked.Error);
        worked.Out.ShouldBe($"{lake}\n");
        CommandLine.Run("export", "parquet", bundle.Directory, "-o", exported).ExitCode.ShouldBe(ExitCodes.Success);
        Files(lake).ShouldBe(Files(exported));
        Files(lake).ShouldNotBeEmpty();
    }

    [Fact]
    public void What_cannot_be_read_is_named_and_the_others_are_in_the_lake()
    {
        using var directory = new TestDirectory();
        using var bundle = Ended();
        var (store, lake) = (Path.Join(directory.Path, "store"), Path.Join(directory.Path, "lake"));
        CommandLine.Run("push", bundle.Directory, "--store", store).ExitCode.ShouldBe(ExitCodes.Success);
        File.WriteAllText(Path.Join(store, "2026-02-02", "x.rollout.tar.zst"), "x");

        var worked = CommandLine.Run("work", "--once", "--store", store, "--lake", lake);

        worked.ExitCode.ShouldBe(ExitCodes.Failure);
        worked.Error.ShouldContain("error: 2026-02-02/x.rollout.tar.zst: ");
        worked.Error.ShouldContain("done: 1 rollout with ");
        worked.Error.ShouldNotContain("another name");
        Files(lake).ShouldNotBeEmpty();
    }

    [Fact]
    public void Packed_rollouts_with_other_names_are_none_of_the_store_and_that_is_said()
    {
        using var directory = new TestDirectory();
        using var bundle = Ended();
        CommandLine.Run("pack", bundle.Directory, "-o", Path.Join(directory.Path, "other.rollout.tar.zst")).ExitCode.ShouldBe(ExitCodes.Success);

        var worked = CommandLine.Run("work", "--once", "--store", directory.Path, "--lake", Path.Join(directory.Path, "lake"));

        worked.ExitCode.ShouldBe(ExitCodes.Success, worked.Error);
        worked.Error.ShouldContain("1 packed rollout with another name than DAY/NAME.rollout.tar.zst is not read");
        Directory.Exists(Path.Join(directory.Path, "lake")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("work --store s --lake l", "Give --nats, or --once")]
    [InlineData("work --once --nats nats://h --store s --lake l", "leave --nats out")]
    [InlineData("work --nats nats://h --store s --lake l --shard 0/1", "go with --once")]
    [InlineData("work --once --store s --lake l --max-deliver 3", "goes with --nats")]
    [InlineData("work --once --store s --lake l --shard 3/3", "--shard takes I/N")]
    [InlineData("work --once --store s --lake l --shard 3", "JOB_COMPLETION_INDEX, which is not set")]
    [InlineData("work --once --store s --lake gs://l/x", "names no bucket")]
    [InlineData("export parquet b -o gs://l/x", "names no bucket")]
    [InlineData("lake compact s3://", "names no bucket")]
    [InlineData("query lake x --since yesterday", "takes a day such as 2026-02-03, not 'yesterday'")]
    [InlineData("work --nats http://h --store s --lake l", "is no address of NATS servers")]
    [InlineData("work --once --store gs://x --lake l", "is no store")]
    [InlineData("push b --store gs://x", "is no store")]
    [InlineData("push b --store s --nats nats://h/x", "is no address of NATS servers")]
    [InlineData("push b --store s --replicas 6", "from 1 to 5")]
    public void What_is_wrong_with_the_command_line_is_said_and_nothing_is_done(string line, string words)
    {
        var run = CommandLine.Run(line.Split(' '));

        run.ExitCode.ShouldBe(ExitCodes.Usage, run.Error);
        run.Error.ShouldContain(words);
    }

    [Theory]
    [InlineData("list nats://127.0.0.1:1/traces")]
    [InlineData("inspect nats://127.0.0.1:1/traces/2026-02-02/x.rollout.tar.zst")]
    [InlineData("unpack nats://127.0.0.1:1/traces/2026-02-02/x.rollout.tar.zst")]
    [InlineData("work --nats nats://127.0.0.1:1 --store s --lake l")]
    public void A_server_that_is_not_there_is_said(string line)
    {
        var run = CommandLine.Run(line.Split(' '));

        run.ExitCode.ShouldBe(ExitCodes.Failure, run.Error);
        run.Error.ShouldContain("nats://127.0.0.1:1: cannot be reached: ");
    }

    private static TestBundle Ended()
    {
        var bundle = new TestBundle().WithTurn();
        bundle.Append(new RolloutEndedEvent { Status = RolloutStatus.Completed }, turn: null);
        bundle.Open();
        return bundle;
    }

    private static IEnumerable<string> Files(string lake) =>
        Directory.EnumerateFiles(lake, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(lake, file)).Order(StringComparer.Ordinal);
}
