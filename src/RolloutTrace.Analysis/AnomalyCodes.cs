namespace RolloutTrace.Analysis;

/// <summary>The kinds of anomaly, and why each matters.</summary>
public static class AnomalyCodes
{
    /// <summary>Something started and never ended.</summary>
    public const string NeverEnded = "never_ended";

    /// <summary>A model's call has no output in its conversation.</summary>
    public const string CallWithoutOutput = "call_without_output";

    /// <summary>A conversation has an output without the call that it answers.</summary>
    public const string OutputWithoutCall = "output_without_call";

    /// <summary>A message, task or result for another agent never reached its model.</summary>
    public const string NotDelivered = "not_delivered";

    /// <summary>Three or more requests in a row failed or were given up.</summary>
    public const string RetryStorm = "retry_storm";

    /// <summary>A process was never seen to end.</summary>
    public const string ProcessLeftRunning = "process_left_running";

    /// <summary>The wall clock went back between two events.</summary>
    public const string ClockStep = "clock_step";

    /// <summary>A request's history is not the one before it with something added, and no compaction tells why.</summary>
    public const string HistoryChanged = "history_changed";

    /// <summary>The conversation went back to an earlier point, and the request goes on from there: no defect, but what came behind that point is forgotten.</summary>
    public const string Rewound = "rewound";

    /// <summary>A request has other instructions than the one before in its conversation.</summary>
    public const string InstructionsChanged = "instructions_changed";

    /// <summary>A request has other tools than the one before in its conversation.</summary>
    public const string ToolsChanged = "tools_changed";

    /// <summary>A request found clearly less in the provider's cache than it shares with the one before.</summary>
    public const string CacheMissed = "cache_missed";

    /// <summary>The recorder had to stop the bundle, and says how many events it has lost and why.</summary>
    public const string RecordingCut = "recording_cut";

    /// <summary>Something that was recorded could not be read, or is not there.</summary>
    public const string EvidenceMissing = "evidence_missing";

    /// <summary>A model made the same call again and again, with the same result.</summary>
    public const string RepeatedCall = "repeated_call";

    /// <summary>Why an anomaly of a kind matters.</summary>
    public static string WhyItMatters(string code) => code switch
    {
        NeverEnded => "the program died, was killed, or lost the end; what it did after is not known",
        CallWithoutOutput => "providers refuse a history with an open call, and the model acts as if the call had not been answered",
        OutputWithoutCall => "providers refuse such a history, and the model cannot know what the output answers",
        NotDelivered => "the sender goes on as if the other agent knew",
        RetryStorm => "time and tokens go into attempts that give nothing",
        ProcessLeftRunning => "it may still hold files, ports or processor time",
        ClockStep => "durations across the step are wrong or unknown; only sequence numbers tell the order",
        RecordingCut => "the rollout went on unseen: what has no end here may have ended, and what is not here may have happened",
        InstructionsChanged => "the provider's prompt cache is lost from the first word on, and the model is told something else in the middle of its work",
        ToolsChanged => "the provider's prompt cache is lost from the first word on, and the history may hold calls of tools that are not there any more",
        CacheMissed => "what is read anew costs up to ten times as much as what is cached, and takes longer",
        EvidenceMissing => "nothing is concluded from what is not known: more may have happened, and more may be wrong, than is found here",
        RepeatedCall => "the model goes in circles: time and tokens go into what it knows already",
        Rewound => "no defect: what was asked and answered behind that point did happen, and did cost tokens, but the model does not know it any more",
        HistoryChanged => "the provider's prompt cache is lost, and the model may have forgotten what it was told",
        _ => throw new ArgumentException($"unknown anomaly code {code}", nameof(code)),
    };
}
