using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RolloutTrace.Replay.Answers;

namespace RolloutTrace.Cli.Replaying;

/// <summary>How an API gives an answer.</summary>
internal interface IReplayedApi
{
    /// <summary>Writes the whole answer, a document.</summary>
    void Write(Utf8JsonWriter json, RecordedAnswer answer);

    /// <summary>
    /// Streams the answer. Of one that did not complete, what had arrived, and where it failed the API's error behind it; of one that was cancelled no end.
    /// </summary>
    /// <param name="request">The request, which says what the stream is to have in it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="response">Where to.</param>
    /// <param name="wait">Waits before each piece.</param>
    /// <param name="cancellation">The caller has gone.</param>
    Task Stream(JsonElement request, RecordedAnswer answer, HttpResponse response, Func<int, Task> wait, CancellationToken cancellation);
}
