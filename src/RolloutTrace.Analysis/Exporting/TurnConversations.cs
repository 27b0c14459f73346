using RolloutTrace.Bundle;
using RolloutTrace.Content;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>What the user said and the last answer of each turn, gathered while the spans of its requests are made.</summary>
internal sealed class TurnConversations
{
    private readonly Dictionary<string, (long Seq, ContentValue? Input, PayloadReference? Payload)> inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Seq, ContentValue Output, PayloadReference? Payload)> answers = new(StringComparer.Ordinal);

    /// <summary>Takes a request: the turn's first one has what the user said, and the one that answered last has the answer.</summary>
    public void Add(InferenceCall call, PayloadReference? request, ContentValue? userInput, PayloadReference? response, ResponseContent? output, SpanMoment? end)
    {
        var started = call.Execution.StartedSeq;
        if (!inputs.TryGetValue(call.CodexTurnId, out var first) || started < first.Seq)
        {
            inputs[call.CodexTurnId] = (started, userInput, request);
        }

        if (output is { IsAnswer: true } && end is { } moment && (!answers.TryGetValue(call.CodexTurnId, out var last) || moment.Seq > last.Seq))
        {
            answers[call.CodexTurnId] = (moment.Seq, output.Output, response);
        }
    }

    /// <summary>Puts them onto the span of a turn.</summary>
    public void AddTo(SpanAttributes attributes, string turnId)
    {
        if (inputs.TryGetValue(turnId, out var input) && input.Input is { } said)
        {
            attributes.AddContent(RolloutAttributes.GenAI.InputMessages, said).Add(RolloutAttributes.Payload.Request, input.Payload?.Path);
        }

        if (answers.TryGetValue(turnId, out var answer))
        {
            attributes.AddContent(RolloutAttributes.GenAI.OutputMessages, answer.Output).Add(RolloutAttributes.Payload.Response, answer.Payload?.Path);
        }
    }
}
