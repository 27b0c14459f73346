using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>
/// Names of attributes that one library alone has, told in names that are read anyway. To add one is a class and a line in <see cref="SpanDialects"/>.
/// </summary>
internal interface ISpanDialect
{
    /// <summary>What its attributes' names begin with.</summary>
    string Prefix { get; }

    /// <summary>Which of its names have what was said, or what a tool was called with or gave: nothing that a back end sees where it shall see no content.</summary>
    IReadOnlyList<string> Content { get; }

    /// <summary>Says what a span of it says once more, in other names. What the span has under those names itself counts for more.</summary>
    /// <param name="span">The span.</param>
    /// <param name="tags">Its attributes.</param>
    /// <param name="into">Takes attributes; an empty value says nothing.</param>
    void Translate(ForeignSpan span, TagTable tags, List<SpanTag> into);
}
