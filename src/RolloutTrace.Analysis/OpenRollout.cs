using RolloutTrace.Analysis.Given;
using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>
/// A rollout that can be asked about: its state, and where there is one the bundle that the state came from. Every question of
/// this assembly takes one. Immutable; safe for concurrent use as long as nobody writes to the bundle.
/// </summary>
public sealed class OpenRollout
{
    private readonly Lazy<RolloutIndex> index;
    private readonly Lazy<RequestContents> contents;
    private readonly Lazy<TokenTotals> tokens;
    private readonly Lazy<FailureWords> failures;

    private OpenRollout(BundleReader? bundle, ReductionResult result, RolloutLiveness liveness)
    {
        Bundle = bundle;
        Graph = result.Graph;
        Facts = result.Facts;
        Diagnostics = result.Diagnostics;
        Liveness = liveness;
        Payloads = bundle is null ? null : new PayloadLookup(bundle);
        CompactionResponses = new CompactionResponses(Graph, Payloads);
        index = new Lazy<RolloutIndex>(() => new RolloutIndex(Graph, Facts));
        contents = new Lazy<RequestContents>(() => new RequestContents(this));
        tokens = new Lazy<TokenTotals>(() => new TokenTotals(Index, CompactionResponses));
        failures = new Lazy<FailureWords>(() => new FailureWords(this));
    }

    /// <summary>The bundle, for what the state does not keep; null if only a state was given.</summary>
    public BundleReader? Bundle { get; }

    /// <summary>The state.</summary>
    public RolloutGraph Graph { get; }

    /// <summary>What the log tells beyond the state; nothing if only a state was given.</summary>
    public RolloutFacts Facts { get; }

    /// <summary>The defects of the bundle, in the order of the log; what is answered is from what is sound.</summary>
    public IReadOnlyList<ReductionDiagnostic> Diagnostics { get; }

    /// <summary>Whether the rollout goes on.</summary>
    public RolloutLiveness Liveness { get; }

    /// <summary>The state with look-ups; built when it is first asked for, in one pass over the state.</summary>
    public RolloutIndex Index => index.Value;

    /// <summary>What stands in the payloads of requests; read when it is first asked for, in one pass over them.</summary>
    internal RequestContents Contents => contents.Value;

    /// <summary>
    /// What a request gave the model beside its items: instructions, tools and parameters. The first question reads the requests'
    /// payloads, in one pass.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <returns>Null if that is not known: the payload is missing, damaged or in no known API's words, or there is only a state.</returns>
    public RequestGiven? GivenOf(InferenceCall request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Contents.GivenOf(request.InferenceCallId);
    }

    /// <summary>What a request gave otherwise than the one before it in its thread.</summary>
    /// <param name="request">The request.</param>
    /// <returns>Null if it gave the same, is the first, or if what it gave is not known.</returns>
    public GivenChange? GivenChangeOf(InferenceCall request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Contents.ChangeOf(request.InferenceCallId);
    }

    /// <summary>What the model answered to a request of a compaction, which the state does not keep. The answer is read when it is first asked for.</summary>
    /// <param name="request">The request.</param>
    public CompactionResponse ResponseOf(RecordedCompactionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return CompactionResponses.Of(request);
    }

    /// <summary>What the payloads hold beyond the state; null if only a state was given.</summary>
    internal PayloadLookup? Payloads { get; }

    /// <summary>What the model answered to requests of compactions.</summary>
    internal CompactionResponses CompactionResponses { get; }

    /// <summary>The tokens that were used, summed up.</summary>
    internal TokenTotals Tokens => tokens.Value;

    /// <summary>Why what failed did.</summary>
    internal FailureWords Failures => failures.Value;

    /// <summary>Reduces a bundle in memory. A state file in it is not looked at: it may be stale.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="options">How to; null for the defaults.</param>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    /// <exception cref="ReductionException">The reduction is strict, and there is a defect.</exception>
    public static OpenRollout Open(BundleReader bundle, OpenRolloutOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        options ??= new OpenRolloutOptions();

        // Asked before the log is read: a writer that ends in between has written all that is read.
        var writer = bundle.FindWriter();
        var result = RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = options.Strict, Observer = options.Observer });
        var liveness = RolloutLiveness.Of(result.Graph, writer, options.Time.GetUtcNow());
        if (result.Diagnostics.Any(static diagnostic => diagnostic.Code == DiagnosticCodes.BundleCut))
        {
            liveness = liveness.OfCopy(writer);
        }

        return new OpenRollout(bundle, result, liveness.With(bundle.Manifest.Lost));
    }

    /// <summary>Takes a state without its bundle. Nothing tells whether a rollout without an end goes on: it is <see cref="RolloutStanding.Unended"/>.</summary>
    /// <param name="graph">The state.</param>
    public static OpenRollout OfState(RolloutGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new OpenRollout(bundle: null, new ReductionResult { Graph = graph, Facts = RolloutFacts.None, Diagnostics = graph.Diagnostics ?? [] }, RolloutLiveness.OfState(graph));
    }

    /// <summary>The same rollout with other knowledge of whether it goes on.</summary>
    /// <param name="liveness">What is known.</param>
    public OpenRollout With(RolloutLiveness liveness)
    {
        ArgumentNullException.ThrowIfNull(liveness);
        return new OpenRollout(Bundle, new ReductionResult { Graph = Graph, Facts = Facts, Diagnostics = Diagnostics }, liveness);
    }
}
