using RolloutTrace.Receiver.Protocol;

namespace RolloutTrace.Receiver.Tests.Protocol;

/// <summary>Takes what is sent, and answers what a test says.</summary>
internal sealed class FakeSink : IExportSink
{
    public bool IsReady { get; set; } = true;

    public ExportAnswer Answer { get; set; } = ExportAnswer.Taken;

    public List<(ExportSignal Signal, byte[] Message, bool IsJson)> Taken { get; } = [];

    public ExportAnswer Take(ExportSignal signal, ReadOnlyMemory<byte> message, bool isJson)
    {
        lock (Taken)
        {
            Taken.Add((signal, message.ToArray(), isJson));
        }

        return Answer;
    }
}
