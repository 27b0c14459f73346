using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>Spans go to a receiver.</summary>
internal sealed class ReceiverTarget : IExportTarget
{
    private readonly CommandConsole console;
    private readonly Receiver receiver;
    private readonly Delivery delivery;
    private readonly ExportProgress progress;
    private readonly string serviceName;
    private DeliveryReport last = new();

    public ReceiverTarget(CommandConsole console, Receiver receiver, Delivery delivery, ExportProgress progress, string serviceName)
    {
        this.console = console;
        this.receiver = receiver;
        this.delivery = delivery;
        this.progress = progress;
        this.serviceName = serviceName;
    }

    public string Name => receiver.Name;

    /// <summary>What became of the spans of all bundles.</summary>
    public DeliveryReport All { get; } = new();

    public void Begin(string bundle) => progress.Reading(bundle);

    public DeliveryAnswer? Take(IReadOnlyList<RolloutSpan> spans)
    {
        progress.Sending(spans.Count);
        last = delivery.Send(OtlpProtobuf.Requests(spans, serviceName));
        All.Add(last);
        return DeliveryAnswer.Of(last);
    }

    public void End() => progress.Clear();

    public void Show(string bundle, ExportAnswer answer, bool isOneOfMany)
    {
        if (!last.IsWhole)
        {
            console.Tell($"error: {bundle}: {string.Join("; ", [last.ToString(), .. last.Advice])}");
        }
        else if (isOneOfMany)
        {
            console.WriteLine($"{bundle}: {last}");
        }
    }
}
