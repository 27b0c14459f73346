using RolloutTrace.Bundle;
using RolloutTrace.Packing;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>Reduces one bundle and writes its state. Whatever goes wrong with the bundle becomes its outcome.</summary>
internal sealed class BundleReducer
{
    public required bool Strict { get; init; }

    /// <summary>Where to write; null for the state file in the bundle.</summary>
    public required string? Output { get; init; }

    /// <summary>Whether no state is written: what it holds is only counted.</summary>
    public bool CountsOnly { get; init; }

    /// <summary>Written to instead of a file, unless null.</summary>
    public required Stream? StandardOutput { get; init; }

    public ReductionOutcome Reduce(FoundBundle bundle, IProgress<double>? progress)
    {
        if (bundle.Problem is { } problem)
        {
            return ReductionOutcome.Failed(bundle.Path, problem);
        }

        try
        {
            if (bundle.Kind == FoundBundleKind.Archive && StandardOutput is null && Output is null && !CountsOnly)
            {
                return ReductionOutcome.Failed(bundle.Path, $"{bundle.Path}: is an archive, into which no state is written; --output says where to");
            }

            if (bundle.Kind == FoundBundleKind.Store && StandardOutput is null && Output is null && !CountsOnly)
            {
                return ReductionOutcome.Failed(bundle.Path, $"{bundle.Path}: is in a store, into which no state is written; --output says where to");
            }

            using var opened = bundle.Open();
            var result = RolloutReducer.Reduce(opened.Reader, new ReductionOptions { Strict = Strict, Progress = progress });
            return ReductionOutcome.Reduced(bundle.Path, Write(bundle, result.Graph), result);
        }
        catch (Exception e)
        {
            // The one place where a bundle's failure is contained, a defect of the reducer included: the other
            // bundles of the run must not suffer.
            return ReductionOutcome.Failed(bundle.Path, Describe(bundle.Path, e));
        }
    }

    private string Describe(string bundle, Exception e) => e switch
    {
        BundleException or ReductionException => e.Message,
        IOException or UnauthorizedAccessException => $"{Output ?? bundle}: the state cannot be written: {SystemWords.Of(e)}",
        _ => $"{bundle}: unexpected {e.GetType().Name}, a defect of this program: {e.Message}",
    };

    private string? Write(FoundBundle bundle, RolloutGraph graph)
    {
        if (CountsOnly)
        {
            return null;
        }

        if (StandardOutput is not null)
        {
            graph.Save(StandardOutput);
            StandardOutput.Write("\n"u8);
            StandardOutput.Flush();
            return null;
        }

        if (Output is not null)
        {
            AtomicFile.WriteAsNamed(Output, graph.Save);
            return Output;
        }

        var path = bundle.Kind == FoundBundleKind.Packed ? PackedFormat.StateBeside(bundle.Path) : Path.Join(bundle.Path, BundleLayout.StateFileName);
        AtomicFile.Write(path, graph.Save);
        return path;
    }
}
