using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary>The options <c>--limit</c> and <c>--offset</c> of what prints lists.</summary>
internal sealed class PageOptions
{
    /// <summary>What people get of a long list without asking for more. Programs get all of it.</summary>
    public const int DefaultLimit = 100;

    private readonly Option<int?> limit;
    private readonly Option<int?> offset;
    private readonly bool isLimited;

    /// <param name="things">What the list is of, in the plural.</param>
    /// <param name="isLimited">Whether people get no more than <see cref="DefaultLimit"/> unless they say so.</param>
    public PageOptions(string things, bool isLimited)
    {
        this.isLimited = isLimited;
        limit = CountOption.Create("--limit", $"No more {things} than that. Default: {(isLimited ? $"{DefaultLimit} for people, all for programs" : "all")}.");
        offset = CountOption.Create("--offset", $"Without the first N {things}. Default: 0.", smallest: 0);
    }

    public void AddTo(Command command)
    {
        command.Add(limit);
        command.Add(offset);
    }

    /// <summary>How many are left out before those that are wanted.</summary>
    public int Skipped(ParseResult arguments) => arguments.GetValue(offset) ?? 0;

    /// <summary>How many are wanted at most.</summary>
    public int Most(ParseResult arguments, bool isJson) => arguments.GetValue(limit) ?? (isLimited && !isJson ? DefaultLimit : int.MaxValue);

    /// <summary>The part of a list that is wanted.</summary>
    public IReadOnlyList<T> Of<T>(IReadOnlyList<T> all, ParseResult arguments, bool isJson)
    {
        var skipped = Skipped(arguments);
        var most = Most(arguments, isJson);
        return skipped == 0 && most >= all.Count ? all : [.. all.Skip(skipped).Take(most)];
    }

    /// <summary>The offset of the part behind the one that is wanted; null if nothing is behind it.</summary>
    public int? Next(int shown, int total, ParseResult arguments) => Skipped(arguments) + shown is var next && shown > 0 && next < total ? next : null;

    /// <summary>What people are told of what is not shown, to be followed by what it is; null if everything is shown.</summary>
    public string? Rest(int shown, int total, ParseResult arguments)
    {
        if (shown == total)
        {
            return null;
        }

        var first = Skipped(arguments);
        return shown == 0 ? $"none left behind the first {Wording.Count(first)}, of {Wording.Count(total)}"
            : first + shown < total
            ? $"{Wording.Count(first + 1)} to {Wording.Count(first + shown)} (--offset {first + shown} shows the next) of {Wording.Count(total)}"
            : $"the last {Wording.Count(shown)} of {Wording.Count(total)}";
    }
}
