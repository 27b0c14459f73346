using System.Reflection;
using Xunit.Sdk;

namespace RolloutTrace.Fleet.Tests;

/// <summary>A kind of bucket: skipped, with the reason, where this machine has no server for it.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class BucketKindAttribute : DataAttribute
{
    private readonly string kind;

    public BucketKindAttribute(string kind)
    {
        this.kind = kind;
        Skip = kind == "nats" && NatsServer.Program is null ? "no nats-server on this machine"
            : kind == "s3rver" && S3Rver.Program is null ? "no s3rver on the path, nor in ROLLOUT_TRACE_S3RVER"
            : null;
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[kind]];
}
