using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;

namespace RolloutTrace.Benchmarks.Recording;

/// <summary>
/// <c>record plain|packed TURNS</c>: records one long conversation in a process of its own, so that its memory and processor time are its own, and prints
/// what it cost as JSON.
/// </summary>
internal static class ConversationCommand
{
    public const string Usage = "record plain|packed TURNS";

    private const int WarmTurns = 150;
    private const int WarmRounds = 4;
    private const int WatchedRequests = 1000;

    public static int Run(string[] args)
    {
        if (args is not ["plain" or "packed", var count] || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var turns) || turns < 1)
        {
            Console.Error.WriteLine($"usage: {Usage}");
            return 2;
        }

        // The runtime compiles what runs often a second and a third time, better, in the background.
        for (var i = 0; i < WarmRounds; i++)
        {
            Record(args[0], WarmTurns);
            Thread.Sleep(TimeSpan.FromMilliseconds(500));
        }

        Console.WriteLine(JsonSerializer.Serialize(Record(args[0], turns) with { P99Nanoseconds = Percentile99(args[0]), PeakBytes = Process.GetCurrentProcess().PeakWorkingSet64 }));
        return 0;
    }

    private static BundleStorage Storage(string form) => form == "packed" ? new PackedStorage() : BundleStorage.Plain;

    private static ConversationCost Record(string form, int turns)
    {
        using var scratch = new ScratchDirectory();
        using var conversation = new LongConversation(scratch.FullName, Storage(form));
        var before = Processor();
        var milliseconds = conversation.Record(turns);
        var after = Processor();
        var (bytes, files) = conversation.OnDisk();
        var end = conversation.End();
        return new ConversationCost
        {
            RequestBytes = conversation.RequestBytes,
            Milliseconds = milliseconds,
            UserMilliseconds = after.User - before.User,
            SystemMilliseconds = after.System - before.System,
            BytesOnDisk = bytes,
            FilesOnDisk = files,
            EndMilliseconds = end,
            EndBytesOnDisk = conversation.OnDisk().Bytes,
        };
    }

    private static double Percentile99(string form)
    {
        using var scratch = new ScratchDirectory();
        using var conversation = new LongConversation(scratch.FullName, Storage(form));
        conversation.Record(20);
        return conversation.Percentile99(WatchedRequests);
    }

    private static (double User, double System) Processor()
    {
        using var self = Process.GetCurrentProcess();
        return (self.UserProcessorTime.TotalMilliseconds, self.PrivilegedProcessorTime.TotalMilliseconds);
    }
}
