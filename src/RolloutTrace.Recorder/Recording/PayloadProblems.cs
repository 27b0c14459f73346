namespace RolloutTrace.Recorder.Recording;

/// <summary>Names payload problems in counters and reports, and says in a marker what happened.</summary>
internal static class PayloadProblems
{
    public static string Name(PayloadProblem problem) => problem switch
    {
        PayloadProblem.TooLarge => "too_large",
        PayloadProblem.NotSerializable => "not_serializable",
        PayloadProblem.InvalidText => "invalid_text",
        PayloadProblem.InvalidJson => "invalid_json",
        PayloadProblem.Redacted => "redacted",
        PayloadProblem.RedactionFailed => "redaction_failed",
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, message: null),
    };

    public static string Describe(PayloadProblem problem, string? detail)
    {
        var text = problem switch
        {
            PayloadProblem.TooLarge => "the payload was larger than the limit",
            PayloadProblem.NotSerializable => "the payload could not be serialised",
            PayloadProblem.InvalidText => "the payload was not valid Unicode text",
            PayloadProblem.InvalidJson => "the payload was not one valid JSON document of permitted depth",
            PayloadProblem.Redacted => "the payload was removed by the redaction hook",
            PayloadProblem.RedactionFailed => "the redaction hook failed, so the payload was not recorded",
            _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, message: null),
        };

        return detail is null ? text : $"{text}: {detail}";
    }
}
