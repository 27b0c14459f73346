namespace RolloutTrace.Analysis.Comparing;

/// <summary>Something that two requests gave the model beside its items, and not the same.</summary>
/// <param name="What">Instructions, tools or parameters.</param>
/// <param name="Name">The tool or the parameter; null for instructions.</param>
/// <param name="A">What stands in the first; null if nothing does.</param>
/// <param name="B">What stands in the second; null if nothing does.</param>
internal sealed record GivenDifference(DifferenceSubject What, string? Name, string? A, string? B)
{
    /// <summary>By which it is known again at a later request: what is the same before and behind it does not count.</summary>
    public (DifferenceSubject, string?, string?, string?) Key
    {
        get
        {
            if (A is null || B is null)
            {
                return (What, Name, A, B);
            }

            var beginning = A.AsSpan().CommonPrefixLength(B);
            var end = 0;
            while (end < Math.Min(A.Length, B.Length) - beginning && A[^(end + 1)] == B[^(end + 1)])
            {
                end++;
            }

            return (What, Name, A[beginning..^end], B[beginning..^end]);
        }
    }
}
