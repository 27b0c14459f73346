using BenchmarkDotNet.Running;
using RolloutTrace.Benchmarks;
using RolloutTrace.Benchmarks.Faults;
using RolloutTrace.Benchmarks.Fleet;
using RolloutTrace.Benchmarks.Generation;
using RolloutTrace.Benchmarks.Macro;
using RolloutTrace.Benchmarks.Recording;

return args switch
{
    ["generate", .. var rest] => GenerateCommand.Run(rest),
    ["faults", .. var names] => FaultsCommand.Run(names),
    ["record", .. var rest] => ConversationCommand.Run(rest),
    ["numbers", .. var bundles] => NumbersCommand.Run(bundles),
    ["fleet"] => FleetCommand.Run(),
    ["fleet", var only] => FleetCommand.Run(only),
    ["macro"] => MacroCommand.Run(),
    ["macro", var only] => MacroCommand.Run(only),
    _ => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, new BenchmarkConfig()).Any() ? 0 : 1,
};
