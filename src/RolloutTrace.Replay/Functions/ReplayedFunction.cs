using Microsoft.Extensions.AI;
using RolloutTrace.Replay.Chat;

namespace RolloutTrace.Replay.Functions;

/// <summary>A function with its recorded results.</summary>
internal sealed class ReplayedFunction(AIFunction inner, CallTable calls) : DelegatingAIFunction(inner)
{
    protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var given = ChatJson.Text(new Dictionary<string, object?>(arguments), typeof(IDictionary<string, object?>));
        return calls.TryTake(Name, given) is { } recorded ? new ValueTask<object?>(calls.ResultOf(recorded)) : base.InvokeCoreAsync(arguments, cancellationToken);
    }
}
