using System.ComponentModel;
using System.Diagnostics;

namespace RolloutTrace.Cli;

/// <summary>Shows a file in the browser that the person uses.</summary>
internal static class Browser
{
    /// <summary>Opens a file; where nothing is there to open it with, says so.</summary>
    /// <returns>Whether something was started.</returns>
    public static bool Open(string file, CommandConsole console)
    {
        var place = Path.GetFullPath(file);
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo(place) { UseShellExecute = true }
            : new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [place]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var started = Process.Start(start);
            return true;
        }
        catch (Exception e) when (e is Win32Exception or FileNotFoundException)
        {
            console.Tell($"error: {file}: is written, and cannot be opened: {e.Message}");
            return false;
        }
    }
}
