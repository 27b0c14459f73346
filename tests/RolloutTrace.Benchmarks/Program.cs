using BenchmarkDotNet.Running;
using RolloutTrace.Benchmarks;
using RolloutTrace.Benchmarks.Generation;

return args switch
{
    ["generate", .. var rest] => GenerateCommand.Run(rest),
    _ => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, new BenchmarkConfig()).Any() ? 0 : 1,
};
