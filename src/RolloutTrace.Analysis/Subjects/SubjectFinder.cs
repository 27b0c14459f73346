namespace RolloutTrace.Analysis.Subjects;

/// <summary>Finds what an id means.</summary>
internal static class SubjectFinder
{
    private const int ShortestPart = 4;
    private const char Composed = ':';

    /// <summary>
    /// The names that hold a part, in the order of the state, each once, with what they mean; none for a part that is too short to mean one. Of the word for a kind, those of
    /// the kind by their ids.
    /// </summary>
    public static IEnumerable<ExplanationCandidate> NamesWith(SubjectScope scope, string part) => OfKind(scope, part) is { Count: > 0 } ofKind
        ? ofKind.Select(static subject => new ExplanationCandidate(subject.Id, subject.Kind.Name))
        : part.Length < ShortestPart ? []
        : Names(scope).Where(entry => entry.Name.Contains(part, StringComparison.Ordinal)).Select(static entry => new ExplanationCandidate(entry.Name, entry.Subject.Kind.Name)).DistinctBy(static candidate => candidate.Id, StringComparer.Ordinal);

    public static IReadOnlyList<Subject> Find(SubjectScope scope, string id)
    {
        var exact = new List<Subject>();
        var partial = new List<Subject>();
        var ending = new List<Subject>();
        foreach (var (subject, name) in Names(scope))
        {
            if (string.Equals(name, id, StringComparison.Ordinal))
            {
                AddOnce(exact, subject);
            }
            else if (id.Length >= ShortestPart && name.Contains(id, StringComparison.Ordinal))
            {
                AddOnce(partial, subject);
                if (name.EndsWith(id, StringComparison.Ordinal) && !name.Contains(Composed, StringComparison.Ordinal))
                {
                    AddOnce(ending, subject);
                }
            }
        }

        if (exact.Count > 0)
        {
            // A call id is that of the call, the tool call and the cell: the thing that ran tells of the items.
            var ran = exact.FindAll(static subject => subject.Kind != SubjectKind.Item);
            return ran.Count > 0 ? ran : exact;
        }

        // What there is one of needs no id.
        if (OfKind(scope, id) is { Count: > 0 } ofKind)
        {
            return ofKind.Count == 1 ? ofKind : [];
        }

        // The end of an id is what is shown of it where there is little room; ids that are made of others end so, too.
        return partial.Count == 1 ? partial : ending.Count == 1 ? ending : [];
    }

    // All of the kind that a word names, such as "compaction"; none if it names no kind.
    private static List<Subject> OfKind(SubjectScope scope, string word) =>
        SubjectKind.All.FirstOrDefault(kind => string.Equals(kind.Name, word, StringComparison.Ordinal)) is { } named ? [.. named.In(scope)] : [];

    private static void AddOnce(List<Subject> subjects, Subject subject)
    {
        if (!subjects.Exists(known => known.Kind == subject.Kind && string.Equals(known.Id, subject.Id, StringComparison.Ordinal)))
        {
            subjects.Add(subject);
        }
    }

    private static IEnumerable<(Subject Subject, string Name)> Names(SubjectScope scope) =>
        from kind in SubjectKind.All
        from subject in kind.In(scope)
        from name in subject.OtherNames.Prepend(subject.Id)
        where name is not null
        select (subject, name);
}
