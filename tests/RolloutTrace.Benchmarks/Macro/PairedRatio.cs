using System.Globalization;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>
/// Two things measured in turn, round by round, so that whatever else the machine does meets both. The ratio is the median
/// of the rounds' ratios.
/// </summary>
internal sealed record PairedRatio(double Ratio, double Measured, double Baseline, int Rounds)
{
    /// <param name="rounds">Rounds that count; one more comes first and does not.</param>
    /// <param name="measured">Does the measured thing and gives its cost.</param>
    /// <param name="baseline">Does the thing beside it and gives its cost in the same unit.</param>
    public static PairedRatio Of(int rounds, Func<double> measured, Func<double> baseline)
    {
        measured();
        baseline();
        var a = new double[rounds];
        var b = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            // Neither always goes first: the second finds caches and clock as the first left them.
            if (i % 2 == 0)
            {
                a[i] = measured();
                b[i] = baseline();
            }
            else
            {
                b[i] = baseline();
                a[i] = measured();
            }
        }

        return new PairedRatio(Median(a.Zip(b, (x, y) => x / y)), Median(a), Median(b), rounds);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    public string Describe(string unit) => $"{Digits(Measured)} against {Digits(Baseline)} {unit}, median of {Rounds} rounds";

    private static string Digits(double value) => value.ToString(value < 100 ? "G3" : "N0", CultureInfo.InvariantCulture);
}
