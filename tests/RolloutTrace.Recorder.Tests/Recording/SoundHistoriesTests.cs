using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Recording;

namespace RolloutTrace.Recorder.Tests.Recording;

public class SoundHistoriesTests
{
    [Fact]
    public void Where_more_go_round_than_there_is_room_for_nothing_is_copied_for_those_that_have_none()
    {
        var histories = new SoundHistories();
        var records = Enumerable.Range(0, 64).Select(Request).ToArray();
        var document = Document(2_000_000);
        Look(histories, records, document, now: 0);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Look(histories, records, document, now: 1);
        Look(histories, records, document, now: 2);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(document.Length);
        histories.KeptBytes.ShouldBeInRange(document.Length, SoundHistories.MaxKeptBytes);
    }

    [Fact]
    public void What_was_not_used_for_a_while_makes_room()
    {
        var histories = new SoundHistories();
        Look(histories, [.. Enumerable.Range(0, 64).Select(Request)], Document(2_000_000), now: 0);

        Look(histories, [.. Enumerable.Range(100, 64).Select(Request)], Document(4_000_000), now: RequestHistories.BusyMilliseconds);

        histories.KeptBytes.ShouldBeInRange(8_000_000, SoundHistories.MaxKeptBytes);
    }

    private static byte[] Document(int length) => [.. "\""u8, .. Enumerable.Repeat((byte)'a', length - 2), .. "\""u8];

    private static void Look(SoundHistories histories, RolloutRecord[] records, byte[] document, long now)
    {
        foreach (var record in records)
        {
            histories.Find(record, document, now, out _).ShouldBe(PayloadProblem.None);
        }
    }

    private static RolloutRecord Request(int number)
    {
        var bundle = new RolloutBundle($"trace-{number}", new BundleManifest { TraceId = $"{number}", RolloutId = "1", RootThreadId = "t", StartedAtUnixMs = 0 }, recording: null!);
        return new RolloutRecord(bundle, default, new ProtocolEventObservedEvent { EventType = "x", EventPayload = PayloadReference.ForNumber(1, PayloadKind.InferenceRequest) }, PayloadReference.ForNumber(1, PayloadKind.InferenceRequest), 1, default, 0);
    }
}
