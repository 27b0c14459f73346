using System.Diagnostics;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Callers;
using RolloutTrace.Content;
using RolloutTrace.Payloads;
using RolloutTrace.Spans;

namespace RolloutTrace;

/// <summary>
/// The life of one agent's thread, root or spawned. Its span is a root span of the rollout's trace; it is never current and
/// never a parent.
/// </summary>
public sealed class AgentSession : RolloutHandle
{
    private readonly AgentSession? parent;
    private readonly SessionMetadataPayload? metadata;
    private readonly Lock starting = new();
    private int recordingsStarted;
    private int hasTurns;

    private AgentSession()
        : base(Rollout.Disabled)
    {
        ThreadId = AgentPath = AgentName = Model = string.Empty;
    }

    private AgentSession(Rollout rollout, AgentSession? parent, SessionMetadataPayload metadata, string? agentName, string? model, string? providerName, Uri? endpoint)
        : base(rollout)
    {
        this.parent = parent;
        this.metadata = metadata;
        ThreadId = metadata.ThreadId;
        AgentPath = metadata.AgentPath;
        AgentName = agentName ?? AgentPaths.NameOf(AgentPath);
        Model = model;
        ProviderName = providerName;
        Endpoint = endpoint ?? parent?.Endpoint;
        Depth = parent is null ? 0 : parent.Depth + 1;
    }

    /// <summary>Id of the agent's thread, unique in the rollout. Empty if nobody listens.</summary>
    public string ThreadId { get; }

    /// <summary><c>/root</c>, or that followed by <c>/name</c> for each level.</summary>
    public string AgentPath { get; }

    /// <summary>Name of the agent for people.</summary>
    public string AgentName { get; }

    /// <summary>Directory name of the bundle that records the rollout, the first one if there are several; null when nobody records.</summary>
    public string? BundleName => Rollout.BundleName;

    internal static AgentSession Disabled { get; } = new();

    internal string? Model { get; }

    internal string? ProviderName { get; }

    /// <summary>Where the model is served; null if it is not known.</summary>
    internal Uri? Endpoint { get; }

    /// <summary>The provider as events need it.</summary>
    internal string ProviderOrUnknown => ProviderName ?? EventText.Unknown;

    internal string ModelOrUnknown => Model ?? EventText.Unknown;

    internal TraceScope TraceScope { get; private init; }

    /// <summary>What the next model request carries or is preceded by.</summary>
    internal PendingLinks PendingLinks { get; } = new();

    /// <summary>What brings about the next turn.</summary>
    internal TurnCause TurnCause { get; } = new();

    internal TerminalTable Terminals { get; } = new();

    /// <summary>The runtime's handles of the thread's code cells.</summary>
    internal IdClaims CellIds { get; } = new();

    internal override bool StartsRollout => parent is null;

    private protected override RolloutEventContext EventContext => new(ThreadId, TurnId: null, Activity) { SpanAttributes = Carried };

    private int Depth { get; }

    /// <summary>Whether the turn that asks is the session's first one. It is so once.</summary>
    internal bool IsFirstTurn() => Interlocked.Exchange(ref hasTurns, 1) == 0;

    /// <summary>Whether its thread was there before in this rollout, under the same path.</summary>
    internal bool IsLoadedAgain { get; private init; }

    /// <summary>Starts a turn: one activation of the agent.</summary>
    public Turn StartTurn(in TurnOptions options = default) => IsEnabled ? Turn.Start(this, options) : Turn.Disabled;

    /// <summary>
    /// Starts the session of a child agent, which records into this rollout. If a spawning tool call caused it, the call is
    /// recorded as carried out. A child that was unloaded and is loaded again, with the name and <see cref="SpawnAgentOptions.ThreadId"/>
    /// that it had, goes on in its thread; its end is the last one.
    /// </summary>
    /// <param name="name">
    /// Last segment of the child's path: a-z, 0-9 and _, not <c>root</c>. Other characters are mended: upper case becomes lower
    /// case, everything else <c>_</c>.
    /// </param>
    /// <param name="causedBy">The tool call that spawned the child.</param>
    /// <param name="options">What else is known.</param>
    public AgentSession SpawnAgent(string name, ToolCall? causedBy = null, in SpawnAgentOptions options = default) =>
        IsEnabled ? StartSpawned(this, name, causedBy, options) : Disabled;

    /// <summary>
    /// A child's result was delivered to this agent; the model will see it in its next request. The request's span links to the
    /// child's turn.
    /// </summary>
    /// <param name="childTurn">The child's turn that ended with the result.</param>
    /// <param name="message">The result, as this agent's model will read it.</param>
    /// <param name="status">How the child ended.</param>
    public void ResultReceived(Turn childTurn, string message, ExecutionStatus status = ExecutionStatus.Completed) =>
        ResultReceived(childTurn, message, status, answers: null);

    /// <summary>
    /// A child's result was delivered to this agent as the output of a tool call: the tool is an agent, and did what it was called
    /// for. The request that carries the output links to the child's turn.
    /// </summary>
    /// <param name="childTurn">The child's turn that ended with the result.</param>
    /// <param name="message">The result, as this agent's model will read it.</param>
    /// <param name="status">How the child ended.</param>
    /// <param name="answers">The tool call whose output it is; null for none, when the result is a message of its own.</param>
    public void ResultReceived(Turn childTurn, string message, ExecutionStatus status, ToolCall? answers)
    {
        if (!IsEnabled || childTurn is not { IsEnabled: true })
        {
            return;
        }

        var edgeId = ObjectIds.AgentResultEdge(childTurn.Session.ThreadId, childTurn.TurnId, ThreadId);
        if (childTurn.RecordResult(this, edgeId, message ?? string.Empty, status, answers is { IsEnabled: true } && ReferenceEquals(answers.Rollout, Rollout) ? answers.ToolCallId : null))
        {
            PendingLinks.Add(LinkKind.AgentResult, childTurn.SpanContext, edgeId);
        }
    }

    /// <summary>Records a breadcrumb from the protocol between agent and client.</summary>
    /// <param name="eventType">The protocol's name of the event.</param>
    /// <param name="payload">The event.</param>
    public void ProtocolEventObserved(string eventType, in JsonPayload payload) => RecordProtocolEvent(eventType, payload);

    /// <summary>The session ended as intended.</summary>
    public void Complete() => End(RolloutStatus.Completed, ExecutionStatus.Completed);

    /// <summary>The session ended by an error.</summary>
    /// <param name="errorType">A code of low cardinality, such as an exception's type; not a message.</param>
    public void Fail(string? errorType = null) => End(RolloutStatus.Failed, ExecutionStatus.Failed, new Failure(errorType));

    /// <summary>The session ended by an exception.</summary>
    public void Fail(Exception exception) => End(RolloutStatus.Failed, ExecutionStatus.Failed, new Failure(exception));

    /// <summary>The session was ended from outside before it was done. Disposing it does the same.</summary>
    public void Abort() => Dispose();

    internal static AgentSession StartRoot(ActivitySource source, in AgentSessionOptions options)
    {
        var caller = options.Caller ?? AmbientCaller.Find(Activity.Current) ?? (CurrentSpan.Running(Activity.Current) is null ? ProcessCaller.Take() : null);
        var threadId = EventText.Id(options.ThreadId) ?? new RolloutClock(options.TimeProvider).NewId();
        var rollout = new Rollout(source, EventText.Id(options.RolloutId) ?? threadId, threadId, options.TimeProvider, ContentCapture.Create(options, Environment.GetEnvironmentVariable))
        {
            WhenRecordingStops = options.WhenRecordingStops,
            ReplayedFrom = options.ReplayedFrom ?? ReplayOrigin.FromEnvironment(),
            ContentBaseUri = options.ContentBaseUri,
            Caller = caller?.ToReference(),
            ResumedFrom = EventText.Id(options.ResumedFrom),
            MayBeResumed = threadId == EventText.Id(options.ThreadId),
            SendsCaller = options.SendCaller,
        };
        rollout.Ids.Threads.TryClaim(threadId);
        var metadata = new SessionMetadataPayload
        {
            ThreadId = threadId,
            AgentPath = AgentPaths.Of(options.AgentPath),
            TaskName = options.TaskName,
            Nickname = options.Nickname,
            AgentRole = options.AgentRole,
            SessionSource = JsonPayload.From(options.SessionSource ?? "exec", PayloadJsonContext.Default.String),
            Cwd = options.WorkingDirectory ?? CurrentDirectory(),
            RolloutPath = options.RolloutPath,
            Model = options.Model ?? EventText.Unknown,
            ProviderName = options.ProviderName ?? EventText.Unknown,
            ApprovalPolicy = options.ApprovalPolicy ?? "never",
            SandboxPolicy = options.SandboxPolicy,
            ThreadRule = options.ThreadRule,
            Caller = rollout.Caller,
        };
        var session = new AgentSession(rollout, parent: null, metadata, EventText.NameOrNull(options.AgentName), EventText.NameOrNull(options.Model), EventText.NameOrNull(options.ProviderName), options.Endpoint)
        {
            TraceScope = options.TraceScope,
        };
        if (caller is { HasSpan: true })
        {
            session.TurnCause.Note(LinkKind.SpawnAgent, caller.Context);
            session.Start(new ActivityContext(caller.Context.TraceId, spanId: default, caller.Context.TraceFlags, caller.Context.TraceState), caller.Context);
        }
        else
        {
            session.Start(parentContext: default, causedBy: default);
        }

        rollout.Trace = session.Activity is { } activity
            ? new ActivityContext(activity.TraceId, spanId: default, activity.ActivityTraceFlags, activity.TraceStateString)
            : new ActivityContext(ActivityTraceId.CreateRandom(), spanId: default, ActivityTraceFlags.None);
        rollout.MarkStarted();
        return session;
    }

    internal string NewId() => Rollout.Clock.NewId();

    /// <summary>Whether events of this thread may name the terminal: in a rollout, its id belongs to the thread that names it first.</summary>
    internal bool OwnsTerminal(string terminalId) => !Rollout.IsRecorded || Rollout.TerminalIds.TryClaim(terminalId, ThreadId);

    /// <summary>The attributes that every span of the session has.</summary>
    internal List<KeyValuePair<string, object?>> CommonTags(string? turnId)
    {
        var tags = new List<KeyValuePair<string, object?>>(capacity: 14);
        tags.Add(RolloutAttributes.Id, Rollout.RolloutId);
        tags.Add(RolloutAttributes.Thread.Id, ThreadId);
        tags.Add(RolloutAttributes.Turn.Id, turnId);
        return tags;
    }

    /// <summary>The attributes that every span of the session has that stands for an operation of generative AI.</summary>
    internal List<KeyValuePair<string, object?>> OperationTags(string? turnId, string operation)
    {
        var tags = CommonTags(turnId);
        tags.Add(RolloutAttributes.GenAI.ConversationId, Rollout.RootThreadId);
        tags.Add(RolloutAttributes.GenAI.OperationName, operation);
        tags.Add(RolloutAttributes.GenAI.AgentName, AgentName);
        return tags;
    }

    /// <summary>The root's start is recorded once for each recording, as recordings are attached while its span starts.</summary>
    internal override void RecordStartOnce()
    {
        if (!StartsRollout)
        {
            base.RecordStartOnce();
            return;
        }

        lock (starting)
        {
            while (Rollout.RecordingAt(recordingsStarted) is { } recording)
            {
                recordingsStarted++;
                Activity?.SetTag(RolloutAttributes.Bundle, BundleName);
                var context = EventContext;
                recording.Record(context with { ThreadId = null }, new RolloutStartedEvent { TraceId = recording.TraceId, RootThreadId = ThreadId });
                recording.Record(context, PayloadKind.SessionMetadata, Metadata, this, CreateThreadStarted);
            }
        }
    }

    // The format starts a thread once.
    private protected override void RecordStart()
    {
        if (IsLoadedAgain)
        {
            RecordProtocolEvent(Breadcrumbs.ThreadResumed, Metadata);
        }
        else
        {
            Record(PayloadKind.SessionMetadata, Metadata, this, CreateThreadStarted);
        }
    }

    private protected override void RecordAborted() => RecordEnd(RolloutStatus.Aborted);

    private JsonPayload Metadata => JsonPayload.From(metadata!, PayloadJsonContext.Default.SessionMetadataPayload);

    private static AgentSession StartSpawned(AgentSession parent, string name, ToolCall? causedBy, in SpawnAgentOptions options)
    {
        var rollout = parent.Rollout;
        var path = AgentPaths.Child(parent.AgentPath, name);
        var threadId = rollout.Ids.TakeThread(options.ThreadId, path, out var again) ?? rollout.Clock.NewId();
        var inherited = parent.metadata!;
        var metadata = inherited with
        {
            Caller = null,
            ThreadId = threadId,
            AgentPath = path,
            TaskName = options.TaskName,
            Nickname = options.Nickname,
            AgentRole = options.AgentRole,
            SessionSource = JsonPayload.From(SpawnSource(parent, path, causedBy, options), PayloadJsonContext.Default.SubagentSource),
            Cwd = options.WorkingDirectory ?? inherited.Cwd,
            RolloutPath = options.RolloutPath,
            Model = options.Model ?? inherited.Model,
            ProviderName = options.ProviderName ?? inherited.ProviderName,
        };
        var session = new AgentSession(
            rollout, parent, metadata, EventText.NameOrNull(options.AgentName), EventText.NameOrNull(options.Model) ?? parent.Model, EventText.NameOrNull(options.ProviderName) ?? parent.ProviderName, options.Endpoint)
        {
            TraceScope = parent.TraceScope,
            IsLoadedAgain = again,
        };
        session.Start(rollout.Trace, causedBy?.SpanContext ?? default);
        if (causedBy is not null && ReferenceEquals(causedBy.Rollout, rollout))
        {
            session.TurnCause.Note(LinkKind.SpawnAgent, causedBy.SpanContext);
        }

        causedBy?.Evidence.Started(session, options.Message);
        return session;
    }

    // There is none when somebody has deleted it.
    private static string CurrentDirectory()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    private static SubagentSource SpawnSource(AgentSession parent, string path, ToolCall? causedBy, in SpawnAgentOptions options) => new()
    {
        Subagent = new SubagentSource.Spawn
        {
            ThreadSpawn = new SubagentSource.ThreadSpawn
            {
                ParentThreadId = parent.ThreadId,
                Depth = parent.Depth + 1,
                AgentPath = path,
                AgentNickname = options.Nickname,
                AgentRole = options.AgentRole,
                TaskName = options.TaskName,
                ToolCallId = causedBy is { IsEnabled: true, Kind.Type: not ToolCallKindType.SpawnAgent } && ReferenceEquals(causedBy.Rollout, parent.Rollout)
                    ? causedBy.ToolCallId
                    : null,
            },
        },
    };

    private static ThreadStartedEvent CreateThreadStarted(AgentSession session, PayloadReference? reference) =>
        new() { ThreadId = session.ThreadId, AgentPath = session.AgentPath, MetadataPayload = reference };

    private void Start(ActivityContext parentContext, ActivityContext causedBy)
    {
        var tags = CommonTags(turnId: null);
        tags.Add(RolloutAttributes.GenAI.AgentName, AgentName);
        tags.Add(RolloutAttributes.Agent.Path, AgentPath);
        tags.Add(RolloutAttributes.Agent.Role, metadata!.AgentRole);
        tags.Add(RolloutAttributes.Thread.Origin, parent is null ? "root" : "spawned");
        tags.Add(RolloutAttributes.Thread.ParentId, parent?.ThreadId);
        tags.Add(RolloutAttributes.Bundle, BundleName);
        if (CurrentSpan.Create(Rollout.Source, $"agent_session {AgentPath}", ActivityKind.Internal, parentContext, tags, detached: true) is { } activity)
        {
            Attach(activity);
            AddLink(LinkKind.SpawnAgent, causedBy);
            if (AgentName != AgentPaths.NameOf(AgentPath))
            {
                Carry(RolloutAttributes.GenAI.AgentName, AgentName);
            }

            BeginAside();
        }
    }

    private void End(RolloutStatus status, ExecutionStatus spanStatus, in Failure failure = default)
    {
        if (TryEnd())
        {
            Carry(failure);
            RecordEnd(status);
            Finish(spanStatus, failure);
        }
    }

    private void RecordEnd(RolloutStatus status)
    {
        Record(new ThreadEndedEvent { ThreadId = ThreadId, Status = status });
        if (StartsRollout)
        {
            Rollout.Record(EventContext with { ThreadId = null }, new RolloutEndedEvent { Status = status });
        }
    }
}
