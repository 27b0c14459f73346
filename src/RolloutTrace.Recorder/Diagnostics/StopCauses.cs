namespace RolloutTrace.Recorder.Diagnostics;

/// <summary>Names causes in counters and reports, and finds the cause behind an exception.</summary>
internal static class StopCauses
{
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int HandleDiskFullWindows = unchecked((int)0x80070027);

    public static string Name(StopCause cause) => cause switch
    {
        StopCause.QueueFull => "queue_full",
        StopCause.DiskFull => "disk_full",
        StopCause.NoPermission => "no_permission",
        StopCause.DirectoryLost => "directory_lost",
        StopCause.IoError => "io_error",
        StopCause.ExporterFailed => "exporter_failed",
        StopCause.ShutDown => "shut_down",
        _ => "internal_error",
    };

    public static StopCause Of(Exception exception) => exception switch
    {
        DirectoryNotFoundException or FileNotFoundException => StopCause.DirectoryLost,
        UnauthorizedAccessException => StopCause.NoPermission,
        IOException io => OfError(io.HResult),
        _ => StopCause.InternalError,
    };

    // On Unix the number is errno, where the values that matter are the same on Linux and macOS but for the quota's.
    private static StopCause OfError(int error) => error switch
    {
        DiskFullWindows or HandleDiskFullWindows => StopCause.DiskFull,
        28 or 27 => StopCause.DiskFull, // ENOSPC, EFBIG
        122 when OperatingSystem.IsLinux() => StopCause.DiskFull, // EDQUOT
        69 when OperatingSystem.IsMacOS() => StopCause.DiskFull, // EDQUOT
        30 or 1 => StopCause.NoPermission, // EROFS, EPERM
        20 or 17 => StopCause.DirectoryLost, // ENOTDIR, EEXIST
        _ => StopCause.IoError,
    };
}
