using System.Text;
using RolloutTrace.Analysis;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Replay;

/// <summary>
/// Damaged bundles: whatever is flipped, cut, repeated, reordered or spliced, strict reduction gives a state or an
/// error that names the line, and tolerant reduction gives a state that refers only to what is in it. Set ROLLOUT_TRACE_FUZZ_RUNS for a long run and
/// ROLLOUT_TRACE_FUZZ_SEED for another one.
/// </summary>
public class MutationTests
{
    private static readonly string[] Cases = [.. ConformanceCase.Names];

    [Fact]
    public void A_damaged_bundle_never_gives_an_unhandled_exception()
    {
        for (var run = 0; run < Search.Runs(150); run++)
        {
            var seed = (Search.Seed * 1_000_003) + run;
            try
            {
                Check(new Random(seed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"the bundle of seed {seed} broke the reducer", e);
            }
        }
    }

    private static void Check(Random random)
    {
        using var bundle = Damaged(random);
        try
        {
            RolloutReducer.Reduce(bundle.Directory, new ReductionOptions { Strict = true });
        }
        catch (ReductionException e)
        {
            e.Message.ShouldContain($"line {e.Diagnostic.Line}");
        }

        var result = RolloutReducer.Reduce(bundle.Directory);

        // Where an event names one thread and its turn another, both are kept, and that is told.
        var isTorn = result.Diagnostics.Any(diagnostic => diagnostic.Code == DiagnosticCodes.StartMissing && diagnostic.Message.Contains("belongs to thread", StringComparison.Ordinal));
        RolloutInvariants.Check(result.Graph).Where(violation => !(isTorn && violation.Code == InvariantCodes.ForeignThread)).ShouldBeEmpty();
        TestBundle.ToJson(RolloutGraph.Load(new MemoryStream(Encoding.UTF8.GetBytes(TestBundle.ToJson(result.Graph))))).ShouldBe(TestBundle.ToJson(result.Graph));
    }

    private static TestBundle Damaged(Random random)
    {
        var bundle = TestBundle.Copy(ConformanceCase.Named(Cases[random.Next(Cases.Length)]).Bundle);
        BundleDamage.Inflict(random, bundle.Directory, ConformanceCase.Root);
        return bundle;
    }
}
