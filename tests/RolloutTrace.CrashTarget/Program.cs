using RolloutTrace.CrashTarget;

// A program that records rollouts and comes to an end in every way there is. Tests start it, look at what it says it has handed
// over, and at what is on disk afterwards.
var scenario = args[0];
var root = args[1];
var rest = args.AsSpan(2);
return scenario switch
{
    "record" => Recording.UntilKilled(root),
    "exit" => Ending.ByExit(root),
    "return" => Ending.ByReturn(root),
    "throw" => Ending.ByUnhandledException(root),
    "wait" => Ending.BySignal(root),
    "shutdown" => Ending.InOrder(root),
    "calling" => Calling.UntilKilled(root),
    "unsampled" => Sampling.Unsampled(root),
    "called" => Called.Record(root, isAmbient: rest.Length > 0),
    "chain" => Chain.Run(root, int.Parse(rest[0]), rest.Length > 1 ? rest[1] : ""),
    "resume" => Called.Resume(root),
    "stalled" => Stalled.End(root, rest[0], rest[1], TimeSpan.FromMilliseconds(int.Parse(rest[2])), rest[3]),
    "starved" => Starved.Flush(root),
    "no-directory" => Surroundings.WithoutDirectory(root),
    "large-payload" => LargePayloads.Give(root, rest[0], capturesContent: rest[1] == "content"),
    "file-limit" => Limits.FileSize(root),
    "many" => Limits.ManyRollouts(root, int.Parse(rest[0])),
    "ended" => Finishing.Rollouts(root, int.Parse(rest[0])),
    "loaded" => Finishing.Loaded(root),
    "long" => Limits.LongSession(root, int.Parse(rest[0])),
    "overload" => Limits.Overload(root, int.Parse(rest[0])),
    "overload-rollouts" => Overloaded.Rollouts(root, int.Parse(rest[0]), int.Parse(rest[1]), long.Parse(rest[2])),
    "overload-over" => Overloaded.UntilOver(root),
    "steady" => Overloaded.Steady(root, int.Parse(rest[0])),
    _ => throw new InvalidOperationException($"unknown scenario '{scenario}'"),
};
