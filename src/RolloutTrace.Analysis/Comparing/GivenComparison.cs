using RolloutTrace.Analysis.Given;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>Compares what requests of two runs gave the model beside its items: instructions, tools, parameters, the model itself.</summary>
internal sealed class GivenComparison(RunSide a, RunSide b, VolatileTally tally)
{
    // The model sees what is continued; how it comes to see it, it does not.
    private const string Continued = "previous_response_id";

    private readonly Dictionary<(RequestGiven, RequestGiven), IReadOnlyList<GivenDifference>> known = new(new SamePair());

    /// <summary>What is not the same, in the order in which a model is shown it.</summary>
    public IReadOnlyList<GivenDifference> Of(InferenceCall first, InferenceCall second)
    {
        IReadOnlyList<GivenDifference> ofModel = first.Model == second.Model && first.ProviderName == second.ProviderName
            ? []
            : [new GivenDifference(DifferenceSubject.Parameters, "model", NameOf(first, second), NameOf(second, first))];
        if (a.Rollout.GivenOf(first) is not { } givenA || b.Rollout.GivenOf(second) is not { } givenB)
        {
            return ofModel;
        }

        // Requests mostly give what the one before gave, and then it is the same text.
        if (!known.TryGetValue((givenA, givenB), out var found))
        {
            found = [.. Instructions(givenA, givenB, first, second), .. Tools(givenA, givenB, first, second), .. Parameters(givenA, givenB, first, second)];
            known.Add((givenA, givenB), found);
        }

        return [.. ofModel, .. found];
    }

    private static string NameOf(InferenceCall call, InferenceCall other) => call.ProviderName == other.ProviderName ? call.Model : $"{call.ProviderName}/{call.Model}";

    private IEnumerable<GivenDifference> Instructions(RequestGiven first, RequestGiven second, InferenceCall callA, InferenceCall callB)
    {
        if (!AreSame(first.Instructions, callA, second.Instructions, callB))
        {
            yield return new GivenDifference(DifferenceSubject.Instructions, null, first.Instructions, second.Instructions);
        }
    }

    private IEnumerable<GivenDifference> Tools(RequestGiven first, RequestGiven second, InferenceCall callA, InferenceCall callB)
    {
        var left = second.Tools.GroupBy(GivenChanges.NameOf, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => new Queue<GivenTool>(group), StringComparer.Ordinal);
        foreach (var tool in first.Tools)
        {
            var other = left.TryGetValue(GivenChanges.NameOf(tool), out var same) && same.TryDequeue(out var found) ? found : null;
            if (!AreSame(tool.Definition, callA, other?.Definition, callB))
            {
                yield return new GivenDifference(DifferenceSubject.Tools, GivenChanges.NameOf(tool), tool.Definition, other?.Definition);
            }
        }

        foreach (var tool in second.Tools)
        {
            if (left[GivenChanges.NameOf(tool)].TryPeek(out var unmatched) && ReferenceEquals(unmatched, tool))
            {
                left[GivenChanges.NameOf(tool)].Dequeue();
                yield return new GivenDifference(DifferenceSubject.Tools, GivenChanges.NameOf(tool), null, tool.Definition);
            }
        }

        var (namesA, namesB) = (first.Tools.Select(GivenChanges.NameOf).ToList(), second.Tools.Select(GivenChanges.NameOf).ToList());
        if (namesA.Count == namesB.Count && !namesA.SequenceEqual(namesB, StringComparer.Ordinal) && namesA.Order(StringComparer.Ordinal).SequenceEqual(namesB.Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            var at = namesA.Zip(namesB).TakeWhile(static pair => pair.First == pair.Second).Count();
            yield return new GivenDifference(DifferenceSubject.Tools, namesA[at], string.Join(", ", namesA), string.Join(", ", namesB));
        }
    }

    private IEnumerable<GivenDifference> Parameters(RequestGiven first, RequestGiven second, InferenceCall callA, InferenceCall callB)
    {
        var (ofA, ofB) = (ByName(first), ByName(second));
        foreach (var (name, value) in ofA)
        {
            if (!AreSame(value, callA, ofB.GetValueOrDefault(name), callB))
            {
                yield return new GivenDifference(DifferenceSubject.Parameters, name, value, ofB.GetValueOrDefault(name));
            }
        }

        foreach (var (name, value) in ofB.Where(parameter => !ofA.ContainsKey(parameter.Key)))
        {
            yield return new GivenDifference(DifferenceSubject.Parameters, name, null, value);
        }
    }

    // The model is compared by what the request was recorded as.
    private static Dictionary<string, string> ByName(RequestGiven given)
    {
        var byName = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in given.Parameters.Where(static parameter => parameter.Name is not (Continued or "model")))
        {
            byName[parameter.Name] = parameter.Value;
        }

        return byName;
    }

    private bool AreSame(string? first, InferenceCall callA, string? second, InferenceCall callB)
    {
        if (string.Equals(first, second, StringComparison.Ordinal))
        {
            return true;
        }

        var (clockA, clockB) = (callA.Execution.StartedAtUnixMs, callB.Execution.StartedAtUnixMs);
        if (first is null || second is null || !string.Equals(a.Canonical(first, clockA), b.Canonical(second, clockB), StringComparison.Ordinal))
        {
            // How JSON is written is nothing that a model is told.
            return first is not null && second is not null && first.Length > 0 && first[0] is '{' or '[' && JsonDifference.Find(first, second) is null;
        }

        tally.Texts(first, clockA, second, clockB);
        return true;
    }

    private sealed class SamePair : IEqualityComparer<(RequestGiven A, RequestGiven B)>
    {
        public bool Equals((RequestGiven A, RequestGiven B) x, (RequestGiven A, RequestGiven B) y) =>
            ReferenceEquals(x.A.Instructions, y.A.Instructions) && ReferenceEquals(x.B.Instructions, y.B.Instructions)
            && ReferenceEquals(x.A.Tools, y.A.Tools) && ReferenceEquals(x.B.Tools, y.B.Tools)
            && ReferenceEquals(x.A.Parameters, y.A.Parameters) && ReferenceEquals(x.B.Parameters, y.B.Parameters);

        public int GetHashCode((RequestGiven A, RequestGiven B) obj) =>
            HashCode.Combine(
                System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj.A.Tools),
                System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj.B.Tools),
                System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj.A.Parameters));
    }
}
