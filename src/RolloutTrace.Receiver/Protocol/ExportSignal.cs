namespace RolloutTrace.Receiver.Protocol;

/// <summary>What an export is about.</summary>
internal enum ExportSignal
{
    /// <summary>Log records.</summary>
    Logs,

    /// <summary>Spans.</summary>
    Traces,
}
