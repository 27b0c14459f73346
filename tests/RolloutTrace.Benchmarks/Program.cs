using RolloutTrace.Benchmarks.Generation;

return args switch
{
    ["generate", .. var rest] => GenerateCommand.Run(rest),
    _ => 2,
};
