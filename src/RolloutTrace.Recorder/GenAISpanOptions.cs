namespace RolloutTrace.Recorder;

/// <summary>
/// What is done with the spans that other libraries make of models, agents and tools, by OpenTelemetry's conventions and others. They
/// are recorded as rollouts, by default.
/// </summary>
public sealed class GenAISpanOptions
{
    /// <summary>Whether rollouts are recorded from them; true by default. False leaves those of the handles alone.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Sources that are listened to besides those that are known, whatever the sampler says and whether or not the provider has them:
    /// names, in which <c>*</c> stands for anything. Sources that the provider has are looked at in any case. Empty by default.
    /// </summary>
    public IList<string> Sources { get; } = [];

    /// <summary>
    /// After how long without spans a rollout has ended; 30 minutes by default, from a second to a day. A later turn goes on in a new
    /// bundle with the same thread id.
    /// </summary>
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Whether these spans are told what they are in a rollout, by attributes <c>rollout.*</c>; true by default.
    /// </summary>
    public bool SetRolloutAttributes { get; set; } = true;

    /// <summary>
    /// Whether messages, instructions, arguments and results stay on these spans; true by default. With false they are taken off each
    /// span when it ends, after they were recorded: prompts are in the bundle on the local disk, and none in the back end. Of sources
    /// that are neither known nor among <see cref="Sources"/>, exporters that were added before see them all the same.
    /// </summary>
    public bool KeepContentOnSpans { get; set; } = true;

    /// <summary>How many threads are remembered, to know a conversation again that goes on; 8,192 by default, from 1 to a million.</summary>
    public int MaxThreads { get; set; } = 8192;

    /// <summary>How long they are remembered; a day by default, from a minute to a year.</summary>
    public TimeSpan ThreadMemory { get; set; } = TimeSpan.FromDays(1);
}
