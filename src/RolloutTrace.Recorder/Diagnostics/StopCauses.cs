using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Diagnostics;

/// <summary>Names causes in counters and reports, and finds the cause behind an exception.</summary>
internal static class StopCauses
{
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int HandleDiskFullWindows = unchecked((int)0x80070027);

    public static string Name(StopCause cause) => cause switch
    {
        StopCause.QueueFull => "queue_full",
        StopCause.Refused => "refused",
        StopCause.DiskFull => "disk_full",
        StopCause.NoPermission => "no_permission",
        StopCause.DirectoryLost => "directory_lost",
        StopCause.LogChanged => "log_changed",
        StopCause.IoError => "io_error",
        StopCause.ExporterFailed => "exporter_failed",
        StopCause.NotSent => "not_sent",
        StopCause.Packed => "packed",
        StopCause.ShutDown => "shut_down",
        _ => "internal_error",
    };

    /// <summary>What a report says besides the cause: what was done to the bundle, or the exception's type; never its message, which has paths.</summary>
    public static string Detail(Exception exception) => exception is BundleChangedException { Change: var change }
        ? change switch
        {
            BundleChange.DirectoryRemoved => "directory_removed",
            BundleChange.DirectoryReplaced => "directory_replaced",
            BundleChange.PayloadsRemoved => "payloads_removed",
            BundleChange.PayloadsReplaced => "payloads_replaced",
            BundleChange.LogRemoved => "log_removed",
            BundleChange.LogReplaced => "log_replaced",
            BundleChange.LogTruncated => "log_truncated",
            _ => "log_rewritten",
        }
        : exception.GetType().FullName!;

    public static StopCause Of(Exception exception) => exception switch
    {
        BundleChangedException { Change: BundleChange.LogRemoved or BundleChange.LogReplaced or BundleChange.LogTruncated or BundleChange.LogRewritten } => StopCause.LogChanged,
        BundleChangedException or DirectoryNotFoundException or FileNotFoundException => StopCause.DirectoryLost,
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
