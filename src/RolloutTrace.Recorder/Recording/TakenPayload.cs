using System.Text.Json.Nodes;

namespace RolloutTrace.Recorder.Recording;

/// <summary>A payload as it was taken from the caller: its bytes, or why there are none.</summary>
internal readonly struct TakenPayload
{
    private readonly int length;

    private TakenPayload(byte[]? array, int length)
    {
        Array = array;
        this.length = length;
    }

    private TakenPayload(PayloadProblem problem, string? detail, JsonObject? remains)
    {
        Problem = problem;
        Detail = detail;
        Remains = remains;
    }

    /// <summary>A pooled array; null when there is a problem.</summary>
    public byte[]? Array { get; }

    public ReadOnlyMemory<byte> Bytes => Array.AsMemory(0, length);

    public PayloadProblem Problem { get; }

    /// <summary>The type of the exception behind the problem, if there was one.</summary>
    public string? Detail { get; }

    /// <summary>What may be kept of a payload whose content was removed.</summary>
    public JsonObject? Remains { get; }

    /// <summary>What the payload and its event take up of the queue's bound, the event's texts aside.</summary>
    public long Size => EventSize.Base + (Array?.Length ?? 0);

    public static TakenPayload Of(byte[] array, int length) => new(array, length);

    public static TakenPayload Failed(PayloadProblem problem, Exception? exception = null, JsonObject? remains = null) =>
        new(problem, exception?.GetType().FullName, remains);
}
