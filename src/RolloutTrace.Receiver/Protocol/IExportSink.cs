namespace RolloutTrace.Receiver.Protocol;

/// <summary>Takes what was sent. Safe for concurrent use.</summary>
internal interface IExportSink
{
    /// <summary>Whether it can take anything now.</summary>
    bool IsReady { get; }

    /// <summary>Takes a request; when it returns, what it says to have taken is on the disk.</summary>
    /// <param name="signal">What it is about.</param>
    /// <param name="message">OTLP's message, unzipped. It is not used after the call.</param>
    /// <param name="isJson">Whether it is JSON, not protobuf.</param>
    ExportAnswer Take(ExportSignal signal, ReadOnlyMemory<byte> message, bool isJson);
}
