using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.Model;

/// <summary>A whole response of the model.</summary>
/// <param name="Id">The provider's id, on which an incremental request can build.</param>
/// <param name="Items">The output items.</param>
/// <param name="TotalTokens">Tokens of input and output; null if the provider does not say.</param>
/// <param name="Attempt">The attempt that brought it.</param>
internal sealed record ModelResponse(string Id, IReadOnlyList<ResponseItem> Items, long? TotalTokens, ModelAttempt? Attempt)
{
    /// <summary>What the model says, all messages together.</summary>
    public string Text => string.Join('\n', Items.OfType<MessageResponseItem>().SelectMany(m => m.Content).Select(c => c.Text));
}
