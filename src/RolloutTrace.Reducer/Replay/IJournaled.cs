namespace RolloutTrace.Reducer.Replay;

/// <summary>Something whose changes a <see cref="Journal"/> can take back.</summary>
internal interface IJournaled
{
    /// <summary>Puts <paramref name="previous"/> back in the place that <paramref name="key"/> names; null for nothing.</summary>
    void Undo(object? key, object? previous);
}
