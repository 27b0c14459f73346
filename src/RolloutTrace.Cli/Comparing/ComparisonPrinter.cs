using System.Globalization;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Comparing;

namespace RolloutTrace.Cli;

/// <summary>Says to people in what runs differ.</summary>
internal sealed class ComparisonPrinter(Screen screen)
{
    private const int Columns = 16;
    private const int MostListed = 8;

    /// <summary>Two runs.</summary>
    public void Show(RolloutComparison comparison)
    {
        screen.Uncut($"A {comparison.A.Bundle}", Emphasis.Title);
        screen.Uncut($"B {comparison.B.Bundle}", Emphasis.Title);
        screen.Line();
        if (comparison.Differences.Count == 0)
        {
            screen.Line(new Segment("nothing differs but what never is the same in two runs", Emphasis.Good));
        }

        foreach (var (number, difference) in comparison.Differences.Index())
        {
            Show(number + 1, difference);
        }

        Show(comparison.Outcome);
        ShowRest(comparison.Volatile, comparison.GaveUp);
        if (comparison.Differences.FirstOrDefault(static difference => difference.B.Request is not null) is { } first)
        {
            NextCommand.Show(screen, comparison.B.Bundle, "transcript", "--at", ShortId.Of(first.B.Request!), "--new");
        }
    }

    /// <summary>Several runs and the one that they are compared with.</summary>
    public void Show(RunsComparison comparison)
    {
        screen.Uncut($"compared with {comparison.Base.Bundle}", Emphasis.Title);
        var alike = comparison.Runs.Where(static run => run.Differences.Count == 0).ToList();
        screen.Line($"{Wording.Of(comparison.Runs.Count, "run")}, of which {Wording.Count(alike.Count)} went its way");
        screen.Line();
        ShowBranches(comparison.Tree, indent: 0);
        foreach (var run in comparison.Runs.Where(static run => run.GaveUp is not null))
        {
            screen.Wrapped($"{run.Bundle}: not compared: {run.GaveUp}", indent: 2, Emphasis.Warning);
        }

        if (comparison.Runs.FirstOrDefault(static run => run.Differences.Count > 0) is { } first)
        {
            NextCommand.Show(screen, comparison.Base.Bundle, "diff", first.Bundle);
        }
    }

    private void ShowBranches(ChoiceNode node, int indent)
    {
        foreach (var branch in node.Branches)
        {
            var margin = new string(' ', indent);
            screen.Wrapped($"{margin}{Wording.Of(branch.Count, "run")}: {Sentence(branch.Difference!)}, at {PlaceOf(branch.Difference!.A)}", indent + 2, Emphasis.Bad);
            ShowTexts(branch.Difference!, indent + 2);
            foreach (var run in branch.Runs.Take(MostListed))
            {
                screen.Uncut($"{margin}  {run}");
            }

            if (branch.Runs.Count > MostListed)
            {
                screen.Line($"{margin}  … and {Wording.Of(branch.Runs.Count - MostListed, "more")}");
            }

            ShowBranches(branch, indent + 4);
        }
    }

    private void Show(int number, RolloutDifference difference)
    {
        var followed = difference.Consequences == 0 ? "" : $"; {Wording.Of(difference.Consequences, "request or response", "requests and responses")} differ{(difference.Consequences == 1 ? "s" : "")} because of it";
        screen.Wrapped($"{number}. {Sentence(difference)}{followed}", indent: 3, Emphasis.Bad);
        screen.Line(new Segment($"   A {PlaceOf(difference.A)}", Emphasis.Faint));
        screen.Line(new Segment($"   B {PlaceOf(difference.B)}", Emphasis.Faint));
        ShowTexts(difference, indent: 3);
        screen.Line();
    }

    private void ShowTexts(RolloutDifference difference, int indent)
    {
        var margin = new string(' ', indent);
        switch (difference.A.Text, difference.B.Text)
        {
            case ({ } was, { } now):
                screen.Wrapped($"{margin}{WordDifference.Of(was, now)}", indent);
                break;
            case ({ } only, null):
                screen.Wrapped($"{margin}only in A: {ItemText.Preview(only, 400)}", indent);
                break;
            case (null, { } only):
                screen.Wrapped($"{margin}only in B: {ItemText.Preview(only, 400)}", indent);
                break;
        }
    }

    private static string Sentence(RolloutDifference difference) => (difference.Kind, difference.What) switch
    {
        (DifferenceKind.Input, DifferenceSubject.Instructions) => "the input differs: the instructions",
        (DifferenceKind.Input, DifferenceSubject.Tools) => $"the input differs: the definition of the tool {difference.Name}",
        (DifferenceKind.Input, DifferenceSubject.Parameters) => $"the input differs: the parameter {difference.Name}",
        (DifferenceKind.Input, _) => difference.Source switch
        {
            DifferenceSource.User => "the input differs: the user said something else",
            DifferenceSource.ToolOutput => $"the input differs: the same call of {difference.Name ?? "a tool"} got another answer",
            DifferenceSource.Model => "the input differs: an item of the model's that it did not answer with",
            DifferenceSource.Compaction => "the input differs: by a compaction",
            _ => "the input differs: the harness put in something else",
        },
        (DifferenceKind.Choice, DifferenceSubject.Tool) => "the model was shown the same and called another tool",
        (DifferenceKind.Choice, DifferenceSubject.Arguments) => $"the model was shown the same and called {difference.Name} with other arguments",
        (DifferenceKind.Choice, DifferenceSubject.Reasoning) => "the model was shown the same and reasoned otherwise",
        (DifferenceKind.Choice, _) => "the model was shown the same and answered in other words",
        (DifferenceKind.Attempt, DifferenceSubject.Failed) => "a request failed in one run alone",
        (DifferenceKind.Attempt, DifferenceSubject.Cancelled) => "a request was cancelled in one run alone",
        (DifferenceKind.Attempt, _) => "a request never ended in one run alone",
        _ => "all requests are alike, and the runs ended otherwise",
    };

    private static string PlaceOf(DifferencePlace place)
    {
        var request = place.Request is null ? "no request" : $"request {ShortId.Of(place.Request)}";
        var item = place.Item is null ? "" : $", {place.Item}";
        var seq = place.Seq is null ? "" : string.Create(CultureInfo.InvariantCulture, $", seq {place.Seq}");
        return $"{place.Thread}, {request}{item}{seq}";
    }

    private void Show(OutcomePair outcome)
    {
        var (a, b) = (outcome.A, outcome.B);
        screen.Line(new Segment($"{"",-Columns}{"A",20}{"B",20}", Emphasis.Faint));
        Row("status", KindName.Of(a.Status), KindName.Of(b.Status));
        Row("requests", Wording.Count(a.Requests), Wording.Count(b.Requests));
        Row("tool calls", Wording.Count(a.ToolCalls), Wording.Count(b.ToolCalls));
        Row("tokens in", Number(a.InputTokens), Number(b.InputTokens));
        Row("tokens out", Number(a.OutputTokens), Number(b.OutputTokens));
        Row("wall time", a.WallMs is { } msA ? Wording.Duration(msA) : "?", b.WallMs is { } msB ? Wording.Duration(msB) : "?");
        if (a.Cost is not null || b.Cost is not null)
        {
            Row("cost", Money(a.Cost), Money(b.Cost));
        }

        Lists("findings", a.Findings, b.Findings);
        Lists("files", a.Files, b.Files);
        Lists("commands", a.Commands, b.Commands);
        if (a.LastMessage != b.LastMessage)
        {
            screen.Wrapped($"last message: {WordDifference.Of(a.LastMessage ?? "", b.LastMessage ?? "")}", indent: 2);
        }
    }

    // Each as often as one has it more.
    private void Lists(string name, IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        var (left, added) = (b.ToList(), new List<string>());
        foreach (var item in a)
        {
            if (!left.Remove(item))
            {
                added.Add($"only A: {item}");
            }
        }

        added.AddRange(left.Select(static item => $"only B: {item}"));
        Row(name, Wording.Count(a.Count), Wording.Count(b.Count));
        foreach (var line in added.Take(MostListed))
        {
            screen.Line(new Segment($"  {line}", Emphasis.Warning));
        }

        if (added.Count > MostListed)
        {
            screen.Line(new Segment($"  … and {Wording.Of(added.Count - MostListed, "more")} (--json has all)", Emphasis.Faint));
        }
    }

    private void ShowRest(IReadOnlyList<VolatileCount> volatiles, string? gaveUp)
    {
        if (volatiles.Count > 0)
        {
            screen.Line();
            screen.Wrapped($"not taken for differences: {string.Join(", ", volatiles.Select(static kind => $"{kind.What.Replace('_', ' ')} ({Wording.Count(kind.Count)})"))}", indent: 2, Emphasis.Faint);
        }

        if (gaveUp is not null)
        {
            screen.Wrapped($"not compared: {gaveUp}", indent: 2, Emphasis.Warning);
        }
    }

    private void Row(string name, string a, string b) =>
        screen.Line($"{name,-Columns}{a,20}", new Segment($"{b,20}", a == b ? Emphasis.None : Emphasis.Warning));

    private static string Number(long? number) => number is { } known ? Wording.Count(known) : "?";

    private static string Money(decimal? cost) => cost?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "?";
}
