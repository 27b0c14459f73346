using RolloutTrace.Analysis.Subjects;

namespace RolloutTrace.Analysis;

/// <summary>Everything that <see cref="Explanation"/> can explain, at once.</summary>
public static class RolloutThings
{
    /// <summary>
    /// All things, kind by kind. The explanation of one is the way back over its causes, itself, and its effects.
    /// </summary>
    /// <param name="rollout">The rollout.</param>
    public static IReadOnlyList<RolloutThing> Of(OpenRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var scope = new SubjectScope(rollout);
        var subjects = SubjectKind.All.SelectMany(kind => kind.In(scope)).ToList();
        var numbers = SubjectKind.All.ToDictionary(static kind => kind, static _ => new Dictionary<string, int>(StringComparer.Ordinal));
        for (var i = 0; i < subjects.Count; i++)
        {
            numbers[subjects[i].Kind].Add(subjects[i].Id, i);
        }

        return
        [
            .. subjects.Select(subject => new RolloutThing
            {
                Kind = subject.Kind.Name,
                Id = subject.Id,
                Names = [.. subject.OtherNames.OfType<string>().Where(name => !string.Equals(name, subject.Id, StringComparison.Ordinal))],
                Text = subject.Describe(),
                Evidence = subject.Evidence,
                Cause = subject.Cause is { } cause ? new RolloutThingLink(NumberOf(cause.Subject), cause.How) : null,
                Effects = [.. subject.Effects.Select(effect => new RolloutThingLink(NumberOf(effect.Subject), effect.Text))],
            }),
        ];

        int? NumberOf(Subject? subject) => subject is null ? null : numbers[subject.Kind][subject.Id];
    }
}
