namespace RolloutTrace.GenAI;

/// <summary>
/// Takes spans from whoever reads them: in any order, children before parents or the other way round, some of them twice. Who feeds
/// it disposes of nothing that a span refers to until it is done.
/// </summary>
public interface IForeignSpanSink
{
    /// <summary>Takes one more span.</summary>
    /// <param name="span">The span. The same one, by trace and span id, may come again: the first one that has ended counts.</param>
    void Add(ForeignSpan span);
}
