using System.Diagnostics;

namespace CodingAgent.Helpers;

/// <summary>A helper that runs as an MCP server as long as this is not disposed of.</summary>
internal sealed class HelperServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process process;

    private HelperServer(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<HelperServer> StartAsync(HelperCommand command, CancellationToken cancellation)
    {
        var process = Process.Start(command.ToStart())!;
        try
        {
            var address = await process.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(Patience, cancellation);
            return new HelperServer(process, new Uri(address ?? throw new InvalidOperationException("the helper has ended")));
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }
    }

    /// <summary>Lets it end, and its bundle with it.</summary>
    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }
}
