using System.CommandLine;

namespace RolloutTrace.Cli;

internal static class OptionExtensions
{
    /// <summary>The option, taking no other values than these.</summary>
    public static Option<T> Among<T>(this Option<T> option, params string[] values)
    {
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
