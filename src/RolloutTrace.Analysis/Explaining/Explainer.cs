using RolloutTrace.Analysis.Subjects;

namespace RolloutTrace.Analysis.Explaining;

/// <summary>Walks from a thing back to what caused it, and lists what came of it.</summary>
internal static class Explainer
{
    // A chain through many spawns is long, but never this long; a damaged state may go in circles.
    private const int MaxCauses = 200;

    public static Explanation Explain(Subject subject)
    {
        var steps = new List<ExplanationStep>();
        var seen = new HashSet<(SubjectKind, string)> { (subject.Kind, subject.Id) };
        var current = subject;
        while (seen.Count <= MaxCauses && current.Cause is var (cause, how))
        {
            if (cause is null || !seen.Add((cause.Kind, cause.Id)))
            {
                steps.Add(new ExplanationStep { Role = ExplanationRole.Cause, Text = how });
                break;
            }

            steps.Add(Step(ExplanationRole.Cause, cause, $"{cause.Describe()}{(how.Length > 0 ? ": " + how : "")}"));
            current = cause;
        }

        steps.Reverse();
        steps.Add(Step(ExplanationRole.Subject, subject, subject.Describe()));
        steps.AddRange(subject.Effects.Select(static effect => Step(ExplanationRole.Effect, effect.Subject, effect.Text)));
        return new Explanation { Id = subject.Id, Kind = subject.Kind.Name, Steps = steps };
    }

    private static ExplanationStep Step(ExplanationRole role, Subject subject, string text) => new()
    {
        Role = role,
        Id = subject.Id,
        Text = text,
        Evidence = subject.Evidence,
    };
}
