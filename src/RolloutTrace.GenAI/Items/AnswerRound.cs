namespace RolloutTrace.GenAI.Items;

/// <summary>What a model gave to one request, and what the program gave for the calls in it.</summary>
internal sealed record AnswerRound(IReadOnlyList<ModelItem> Answer, IReadOnlyList<ModelItem> Outputs)
{
    /// <summary>
    /// The answers in what came of a request: several where a program carries out calls inside of what its span is about. What a provider
    /// carries out itself is part of one answer.
    /// </summary>
    public static IReadOnlyList<AnswerRound> In(IReadOnlyList<ModelItem> output)
    {
        var rounds = new List<AnswerRound>();
        for (var i = 0; i < output.Count;)
        {
            var answer = Take(output, ref i, isOutput: false);
            rounds.Add(new AnswerRound(answer, Take(output, ref i, isOutput: true)));
        }

        return rounds;
    }

    private static List<ModelItem> Take(IReadOnlyList<ModelItem> output, ref int i, bool isOutput)
    {
        var taken = new List<ModelItem>();
        for (; i < output.Count && output[i] is { Kind: ItemKind.Output, Role: "tool" } == isOutput; i++)
        {
            taken.Add(output[i]);
        }

        return taken;
    }
}
