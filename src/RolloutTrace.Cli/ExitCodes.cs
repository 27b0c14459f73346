namespace RolloutTrace.Cli;

/// <summary>What the command's exit codes say. They are part of its interface; <c>--help</c> lists them.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and everything was sound.</summary>
    public const int Success = 0;

    /// <summary>Done, and there is something to look at: diagnostics of a tolerant reduction, anomalies, violated invariants.</summary>
    public const int Findings = 1;

    /// <summary>A bundle could not be read or reduced, or an answer could not be written. Outranks <see cref="Findings"/>.</summary>
    public const int Failure = 2;

    /// <summary>The command line is wrong; nothing was done. The number is that of sysexits.h.</summary>
    public const int Usage = 64;
}
