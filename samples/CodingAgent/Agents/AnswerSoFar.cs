using CodingAgent.Model;
using CodingAgent.Narration;
using OpenAI.Responses;

namespace CodingAgent.Agents;

/// <summary>What has arrived of an answer, told as it comes.</summary>
internal sealed class AnswerSoFar(AgentVoice voice) : IModelListener
{
    private readonly List<ResponseItem> items = [];

    public void TextArrived(string delta) => voice.Say(delta);

    public void ItemArrived(ResponseItem item)
    {
        items.Add(item);
        voice.Item(item);
    }

    public void Retrying(Exception exception, TimeSpan delay)
    {
        items.Clear();
        voice.Retrying(exception, delay);
    }

    /// <summary>Adds the items that have arrived whole.</summary>
    public void AddTo(History history) => items.ForEach(history.Add);
}
