using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace RolloutTrace.GenAI.Live;

/// <summary>What is known of sources. Each span asks for it several times, so those that asked last are found at once. Safe for concurrent use.</summary>
/// <param name="isKnown">Whether a name is one of those that are looked for.</param>
internal sealed class SourceInterests(Func<string, bool> isKnown)
{
    private const int Near = 16;

    private readonly ConditionalWeakTable<ActivitySource, SourceInterest> all = [];
    private readonly SourceInterest?[] near = new SourceInterest?[Near];
    private volatile bool areTelling;

    /// <summary>Whether any source that has been asked for is telling.</summary>
    public bool AreTelling => areTelling;

    public SourceInterest Of(ActivitySource source)
    {
        ref var place = ref near[RuntimeHelpers.GetHashCode(source) & (Near - 1)];
        var last = Volatile.Read(ref place);
        if (last is not null && ReferenceEquals(last.Source, source))
        {
            return last;
        }

        var interest = all.GetValue(source, s => new SourceInterest(s, isKnown(s.Name), () => areTelling = true));
        Volatile.Write(ref place, interest);
        return interest;
    }
}
