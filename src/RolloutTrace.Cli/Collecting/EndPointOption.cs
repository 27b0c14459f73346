using System.CommandLine;
using System.Net;

namespace RolloutTrace.Cli;

/// <summary>Options that take an address of this machine and a port.</summary>
internal static class EndPointOption
{
    private const string Local = "localhost:";

    /// <summary>An option with <c>HOST:PORT</c>.</summary>
    public static Option<IPEndPoint?> Create(string name, string description, IPEndPoint byDefault)
    {
        var option = new Option<IPEndPoint?>(name) { Description = $"{description} Default: {byDefault}.", HelpName = "HOST:PORT" };
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Read(text) is { } end)
            {
                return end;
            }

            result.AddError($"{name} takes an address of this machine and a port, such as 0.0.0.0:4318, [::1]:4318 or localhost:4318, not '{text}'.");
            return null;
        };
        return option;
    }

    // Without a port the library takes none to be 0, and an address without brackets that ends like one to have none.
    private static IPEndPoint? Read(string text)
    {
        if (text.StartsWith(Local, StringComparison.OrdinalIgnoreCase))
        {
            text = $"{IPAddress.Loopback}:{text[Local.Length..]}";
        }

        return IPEndPoint.TryParse(text, out var end) && text.EndsWith($":{end.Port}", StringComparison.Ordinal) && (text[0] == '[' || text.Count(static c => c == ':') == 1) ? end : null;
    }
}
