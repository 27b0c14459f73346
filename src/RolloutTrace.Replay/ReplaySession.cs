using System.Text.Json;
using RolloutTrace.Replay.Answers;
using RolloutTrace.Replay.Requests;

namespace RolloutTrace.Replay;

/// <summary>A recording as it is played once: which answers have been given. Safe for concurrent use.</summary>
internal sealed class ReplaySession(RecordedRun run, ReplayOptions options, RecordedRequest? from = null)
{
    private readonly Lock gate = new();
    private readonly Dictionary<RecordedRequest, int> given = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, string> conversations = new(StringComparer.Ordinal);
    private volatile bool hasLeft;

    public RecordedRun Run => run;

    public ReplayOptions Options => options;

    // Where another prompt is to be tried from a request on, those before it have it too.
    private ReplayGiven Compared => from is null ? options.Given : ReplayGiven.None;

    /// <summary>The answer to a request; null if it is for a live model: since it was never asked, or the live model answers from it on.</summary>
    /// <param name="request">The request, in any API's words.</param>
    /// <param name="hasLive">Whether there is a live model.</param>
    /// <exception cref="ReplayException">There is no answer, and no live model.</exception>
    public RecordedAnswer? Answer(JsonElement request, bool hasLive)
    {
        if (hasLeft)
        {
            return null;
        }

        RecordedAnswer answer;
        try
        {
            var found = Find(Read(request), hasLive);
            if (IsLive(found, hasLive))
            {
                hasLeft = true;
                return null;
            }

            answer = AnswerReader.Read(run, found);
        }
        catch (ReplayException) when (hasLive)
        {
            hasLeft = true;
            return null;
        }

        if (run.Requests.NameFor(answer.ResponseId) is { } name)
        {
            lock (gate)
            {
                conversations[name] = answer.ResponseId!;
            }
        }

        return answer;
    }

    /// <summary>The response that a conversation's name stands for now; the name itself if it stands for none.</summary>
    public string ResponseNamed(string conversation)
    {
        lock (gate)
        {
            return conversations.GetValueOrDefault(conversation, conversation);
        }
    }

    private bool IsLive(RecordedRequest request, bool hasLive) => hasLive && from is not null && request.Ordinal >= from.Ordinal;

    private RequestShape Read(JsonElement request)
    {
        var previous = RecordedRequests.PreviousOf(request);
        var before = previous is not null && run.Requests.Answered(previous) is { } answered ? run.Requests.Before(answered) : null;
        return run.Reader.Read(request, options.Time.GetUtcNow().ToUnixTimeMilliseconds(), before)
            ?? throw new ReplayException(ReplayReason.NeverAsked, "the request has no list of messages, so it cannot be one that was recorded");
    }

    private RecordedRequest Find(RequestShape asked, bool hasLive)
    {
        var same = run.Requests.WithItems(asked.ItemsKey).Where(request => RequestMatch.Given(request, asked, Compared) is null).ToList();
        if (same.Count == 0)
        {
            throw NeverAsked(asked);
        }

        // A request that the recording's end cut off was asked again, if it was answered at all.
        var ended = same.Where(static request => request.HasEnded).ToList();
        if (ended.Count == 0)
        {
            throw new ReplayException(ReplayReason.Unended, $"request {same[0].Id} was recorded without an end: the recording ends before it was answered") { NearestId = same[0].Id };
        }

        lock (gate)
        {
            var next = ended.MinBy(request => given.GetValueOrDefault(request))!;
            var times = given.GetValueOrDefault(next);
            if (times > 0 && options.AfterLast == ReplayAfterLast.Repeat)
            {
                next = ended[^1];
            }
            else if (times > 0 && options.AfterLast == ReplayAfterLast.Fail)
            {
                throw new ReplayException(
                    ReplayReason.AskedTooOften,
                    $"request {ended[^1].Id} was recorded {(ended.Count == 1 ? "once" : $"{ended.Count} times")}, and is asked once more; AfterLast says what comes then") { NearestId = ended[^1].Id };
            }

            if (!IsLive(next, hasLive))
            {
                given[next] = given.GetValueOrDefault(next) + 1;
            }

            return next;
        }
    }

    private ReplayException NeverAsked(RequestShape asked)
    {
        var unread = run.Requests.All.Count(static request => request.Shape is null);
        var unknown = unread == 0 ? "" : $" ({unread} recorded {(unread == 1 ? "request" : "requests")} could not be read)";
        if (RequestMatch.Nearest(run.Requests.All, asked, Compared) is not { } nearest)
        {
            return new ReplayException(ReplayReason.NeverAsked, $"the request was never asked: no request was recorded{unknown}");
        }

        var difference = RequestMatch.Difference(nearest, asked, Compared)!;
        return new ReplayException(ReplayReason.NeverAsked, $"the request was never asked{unknown}; nearest is request {nearest.Id} (#{nearest.Ordinal + 1}), which differs first in {difference}")
        {
            NearestId = nearest.Id,
            Difference = difference,
        };
    }
}
