using RolloutTrace.Arguments;

namespace RolloutTrace.Spans;

/// <summary>Why something failed.</summary>
internal readonly struct Failure
{
    // Longer words are for the bundle.
    private const int MaxDescription = 4096;

    private readonly string? words;

    /// <param name="type">The caller's code. One that is a message is taken for words.</param>
    public Failure(string? type)
        : this(words: null, type)
    {
    }

    /// <param name="words">What went wrong.</param>
    /// <param name="type">The caller's code; null for none.</param>
    public Failure(string? words, string? type)
    {
        Type = ErrorType.Sound(type);
        this.words = words ?? type;
    }

    public Failure(Exception? exception)
    {
        Type = ErrorType.Of(exception);
        words = ErrorType.Text(exception);
        Exception = exception;
    }

    /// <summary>The value of <c>error.type</c>; null if none was given.</summary>
    public string? Type { get; }

    public Exception? Exception { get; }

    /// <summary>What went wrong; null if nobody says.</summary>
    public string? Words => words;

    /// <summary>What went wrong, as the bundle has it where it has nothing else.</summary>
    public string WordsOrUnknown => words ?? EventText.Unknown;

    /// <summary>What went wrong, as a span's status has it; null if nobody says more than the type.</summary>
    public string? Description => string.IsNullOrEmpty(words) || words == Type ? null : DescriptionOf(words);

    /// <summary>Words as a span's status has them.</summary>
    public static string DescriptionOf(string words)
    {
        if (words.Length <= MaxDescription)
        {
            return words;
        }

        var length = char.IsHighSurrogate(words[MaxDescription - 1]) ? MaxDescription - 1 : MaxDescription;
        return string.Concat(words.AsSpan(0, length), "...");
    }
}
