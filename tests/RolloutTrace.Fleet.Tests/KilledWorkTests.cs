using System.Diagnostics;
using RolloutTrace.Stores;

namespace RolloutTrace.Fleet.Tests;

public class KilledWorkTests
{
    [NatsFact]
    public async Task Workers_that_are_killed_lose_nothing_and_one_that_is_told_to_end_does_so_well()
    {
        await using var server = await NatsServer.StartAsync();
        using var fleet = new FleetFixture();
        await using var queue = await QueuedRollouts.OpenAsync(server.Url);

        await FleetFixture.HandOutAgainSoonAsync(server.Url);
        await fleet.PutAsync(80, queue: queue);

        // Two are killed as soon as the lake has begun, and has more.
        foreach (var files in new[] { 1, 60 })
        {
            using var killed = Start(fleet, server.Url);
            for (var until = Stopwatch.StartNew(); fleet.Files().Count < files;)
            {
                until.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
                killed.HasExited.ShouldBeFalse();
                await Task.Delay(5);
            }

            killed.Kill();
            killed.WaitForExit(TimeSpan.FromMinutes(1)).ShouldBeTrue();
        }

        using var last = Start(fleet, server.Url);
        await FleetFixture.UntilEmptyAsync(server.Url);
        using (var kill = Process.Start("/bin/sh", ["-c", $"kill -s TERM {last.Id}"]))
        {
            kill.WaitForExit(TimeSpan.FromMinutes(1)).ShouldBeTrue();
        }

        last.WaitForExit(TimeSpan.FromMinutes(1)).ShouldBeTrue();
        last.ExitCode.ShouldBe(0);

        // What a killed one was writing is hidden, and no table.
        foreach (var left in fleet.Files().Where(static file => Path.GetFileName(file).StartsWith('.')))
        {
            File.Delete(Path.Join(fleet.LakePath, left));
        }

        fleet.LakeShouldBeWhole();
        (await FleetFixture.DeadAsync(server.Url)).ShouldBeEmpty();
    }

    private static Process Start(FleetFixture fleet, string url)
    {
        var process = ServeProcess.Start("work", "--nats", url, "--store", fleet.StorePath, "--lake", fleet.LakePath);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }
}
