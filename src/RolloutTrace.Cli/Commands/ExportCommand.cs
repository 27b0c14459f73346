using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace export</c>: hands rollouts to tracing back ends.</summary>
internal sealed class ExportCommand : Command
{
    public ExportCommand(CommandConsole console)
        : base("export", "Hand rollouts to tracing back ends, as the spans that were or would have been sent while they ran.")
    {
        Add(new ExportOtlpCommand(console));
        Add(new ExportOtlpJsonCommand(console));
    }
}
