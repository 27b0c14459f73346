using OpenTelemetry.Resources;

namespace RolloutTrace.Recorder.Sending;

/// <summary>An exporter that sends, and what it is told once the recorder around it is there.</summary>
internal interface ISender
{
    /// <summary>How many bytes wait for it.</summary>
    Func<long> Backlog { set; }

    /// <summary>The resource of the tracer provider.</summary>
    Func<Resource?> Resource { set; }
}
