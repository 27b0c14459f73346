using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>Where spans go.</summary>
internal interface IExportTarget
{
    /// <summary>What it is called.</summary>
    string Name { get; }

    /// <summary>A bundle is going to be read.</summary>
    void Begin(string bundle)
    {
    }

    /// <summary>Takes the spans of a bundle, and says what became of them, if that is not certain.</summary>
    DeliveryAnswer? Take(IReadOnlyList<RolloutSpan> spans);

    /// <summary>A bundle is done with, and something is going to be said of it.</summary>
    void End()
    {
    }

    /// <summary>Says to people what was exported of a bundle.</summary>
    void Show(string bundle, ExportAnswer answer, bool isOneOfMany)
    {
    }
}
