using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.Model;

/// <summary>What the model is to be asked.</summary>
/// <param name="Request">
/// Makes the request; true for one that repeats the whole history, as it is sent when an attempt has failed: what was
/// built on may be what failed.
/// </param>
/// <param name="Start">Starts the trace of an attempt: its options, and the request as it goes over the wire.</param>
internal sealed record ModelQuestion(Func<bool, CreateResponseOptions> Request, Func<CreateResponseOptions, JsonPayload, ModelAttempt> Start);
