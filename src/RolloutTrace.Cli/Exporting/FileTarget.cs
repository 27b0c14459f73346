using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>Spans go to a file, as lines of OTLP JSON.</summary>
internal sealed class FileTarget(string name, Stream stream, string serviceName) : IExportTarget
{
    public string Name => name;

    public DeliveryAnswer? Take(IReadOnlyList<RolloutSpan> spans)
    {
        OtlpJsonLines.Write(stream, spans, serviceName);
        return null;
    }
}
