using System.Diagnostics;

namespace RolloutTrace.Recorder.Tests;

/// <summary>A test that needs a small file system of its own, and is skipped where it may not mount one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TmpfsFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(() =>
    {
        try
        {
            using var mounted = new Tmpfs(kilobytes: 64);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    });

    public TmpfsFactAttribute() => Skip = OperatingSystem.IsLinux() && CanMount.Value ? null : "not permitted to mount a file system";
}

/// <summary>A file system in memory of a given size, mounted until it is disposed.</summary>
internal sealed class Tmpfs : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-tmpfs-");

    /// <exception cref="InvalidOperationException">It may not be mounted.</exception>
    public Tmpfs(int kilobytes)
    {
        if (!Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", Root))
        {
            directory.Delete();
            throw new InvalidOperationException("cannot mount");
        }
    }

    public string Root => directory.FullName;

    public void Dispose()
    {
        Run("umount", "-l", Root);
        directory.Delete();
    }

    public bool Remount(string options) => Run("mount", "-o", $"remount,{options}", Root);

    private static bool Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
