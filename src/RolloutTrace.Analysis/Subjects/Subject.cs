namespace RolloutTrace.Analysis.Subjects;

/// <summary>Something in a state that can be explained. Each kind of it is one class, which knows all that is said of that kind.</summary>
internal abstract class Subject(SubjectScope scope)
{
    /// <summary>What it is.</summary>
    public abstract SubjectKind Kind { get; }

    /// <summary>Its id in the state.</summary>
    public abstract string Id { get; }

    /// <summary>The other names by which it is found; null for one that it does not have.</summary>
    public virtual IEnumerable<string?> OtherNames => [];

    /// <summary>Where it is to be seen.</summary>
    public abstract IReadOnlyList<Evidence> Evidence { get; }

    /// <summary>What caused it; null where the chain just ends.</summary>
    public abstract Cause? Cause { get; }

    /// <summary>What came of it.</summary>
    public virtual IEnumerable<Effect> Effects => [];

    protected SubjectScope Scope => scope;

    /// <summary>What it is, in words, on one line.</summary>
    public abstract string Describe();
}
