namespace RolloutTrace.Bundle;

/// <summary>What a status means whose word is not known: an end all the same, good or bad by what the word says.</summary>
internal static class StatusWords
{
    private static readonly string[] Failed = ["fail", "error"];
    private static readonly string[] Cancelled = ["cancel", "interrupt", "abort", "timeout", "timed_out", "budget"];

    /// <summary>Whether the word is one of an enum's.</summary>
    public static bool IsKnown(Type status, string? word) => word is not null && Names(status).Contains(word);

    /// <summary>The word of the enum that is nearest.</summary>
    /// <param name="status">The enum.</param>
    /// <param name="word">The word that is not known; null if there is none.</param>
    /// <param name="isInitial">Whether it is the status of a code cell's initial response: it has answered, and goes on.</param>
    public static string Nearest(Type status, string? word, bool isInitial)
    {
        if (isInitial)
        {
            return "running";
        }

        if (Says(word, Failed))
        {
            return "failed";
        }

        return !Says(word, Cancelled) ? "completed"
            : status == typeof(RolloutStatus) ? "aborted"
            : status == typeof(CodeCellRuntimeStatus) ? "terminated"
            : "cancelled";
    }

    private static bool Says(string? word, string[] meanings) =>
        word is not null && meanings.Any(meaning => word.Contains(meaning, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Names(Type status) =>
        status == typeof(RolloutStatus) ? Names<RolloutStatus>() : status == typeof(ExecutionStatus) ? Names<ExecutionStatus>() : Names<CodeCellRuntimeStatus>();

    private static IEnumerable<string> Names<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(static value => WireEnum<T>.Name(value).Value);
}
