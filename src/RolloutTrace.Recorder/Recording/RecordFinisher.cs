using System.Text.Json;
using System.Text.Json.Nodes;
using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Diagnostics;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// The part of recording that needs no caller: checks documents, puts markers in the place of unsound ones, and shows the texts
/// that stand in events to the redaction hook. Used by the reader's thread alone.
/// </summary>
internal sealed class RecordFinisher
{
    private readonly Func<PayloadToRedact, JsonPayload>? redact;
    private readonly RecorderHealth health;
    private readonly RequestHistories requests;
    private readonly SoundHistories histories = new();

    public RecordFinisher(Func<PayloadToRedact, JsonPayload>? redact, RecorderHealth health, RequestHistories requests)
    {
        this.requests = requests;
        this.redact = redact;
        this.health = health;
    }

    public void Finish(RolloutRecord record)
    {
        if (redact is not null)
        {
            record.Observed = EventTexts.Replace(record.Observed, (member, text) => Redact(record, member, text));
        }

        if (record.PayloadReference is { } reference && FailureOf(record) is { } failure)
        {
            health.PayloadReplaced(reference.Kind, record.Bundle.Name, failure);
            record.Payload = PayloadMarker.For(record.Observed, reference, failure);
        }

        if (record.Observed is RolloutEndedEvent)
        {
            histories.Forget(record.Bundle);
            requests.Forget(record.Bundle);
        }
    }

    private PayloadFailure? FailureOf(RolloutRecord record)
    {
        if (record.Taken.Failure is { } failure)
        {
            return failure;
        }

        var bytes = record.Taken.Bytes.Span;
        var problem = record.Taken.Shared is { } shared ? SharedSoundness.Find(record, shared, out var halves) : histories.Find(record, bytes, Environment.TickCount64, out halves);
        halves += record.Taken.Halves;
        if (problem == PayloadProblem.None && halves > 0)
        {
            health.SurrogatesReplaced(record.PayloadReference!.Kind, record.Bundle.Name, halves);
        }

        // One that begins with another is in its dialect.
        if (problem == PayloadProblem.None && !health.HasSeenUnknownDialect && record.Taken.Shared is not { HeadLength: > 0 } && !DialectCheck.IsKnown(record.PayloadReference!.Kind, bytes))
        {
            health.DialectUnknown(record.PayloadReference.Kind, record.Bundle.Name);
        }

        return problem == PayloadProblem.None ? null : new PayloadFailure(problem);
    }

    private string Redact(RolloutRecord record, string member, string text)
    {
        try
        {
            var content = JsonSerializer.SerializeToUtf8Bytes(text, TextJson.Default.String);
            var result = redact!(new PayloadToRedact(kind: null, member, record.Envelope.ThreadId, record.Envelope.TurnId, content));
            if (result.TryGetUtf8(out var utf8) && utf8.Equals(content))
            {
                return text;
            }

            return result.IsEmpty ? string.Empty : AsText(result.ToString());
        }
        catch (Exception e)
        {
            health.Counters.PayloadReplaced(PayloadProblem.RedactionFailed);
            return $"[{PayloadProblems.Describe(PayloadProblem.RedactionFailed, e.GetType().FullName)}]";
        }
    }

    // The hook answers with a document: of a JSON string what is in it, of anything else the JSON itself.
    private static string AsText(string json) => JsonNode.Parse(json) is JsonValue value && value.TryGetValue<string>(out var text) ? text : json;
}
