namespace RolloutTrace.Analysis.Subjects;

/// <summary>Finds what an id means.</summary>
internal static class SubjectFinder
{
    private const int ShortestPart = 4;

    /// <summary>The names that hold a part, in the order of the state, each once; none for a part that is too short to mean one.</summary>
    public static IEnumerable<string> NamesWith(SubjectScope scope, string part) => part.Length < ShortestPart
        ? []
        : Names(scope).Select(static entry => entry.Name).Where(name => name.Contains(part, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);

    public static IReadOnlyList<Subject> Find(SubjectScope scope, string id)
    {
        var exact = new List<Subject>();
        var partial = new List<Subject>();
        foreach (var (subject, name) in Names(scope))
        {
            if (string.Equals(name, id, StringComparison.Ordinal))
            {
                AddOnce(exact, subject);
            }
            else if (id.Length >= ShortestPart && name.Contains(id, StringComparison.Ordinal))
            {
                AddOnce(partial, subject);
            }
        }

        if (exact.Count > 0)
        {
            // A call id is that of the call, the tool call and the cell: the thing that ran tells of the items.
            var ran = exact.FindAll(static subject => subject.Kind != SubjectKind.Item);
            return ran.Count > 0 ? ran : exact;
        }

        return partial.Count == 1 ? partial : [];
    }

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
