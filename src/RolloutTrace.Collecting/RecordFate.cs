namespace RolloutTrace.Collecting;

/// <summary>What became of a record.</summary>
public enum RecordFate
{
    /// <summary>It is new and in the journal; <see cref="BundleAssembly.Flush"/> makes it safe.</summary>
    Accepted,

    /// <summary>It came before, and is ignored.</summary>
    Twice,

    /// <summary>It does not fit, and must not come again as it is.</summary>
    Rejected,
}
